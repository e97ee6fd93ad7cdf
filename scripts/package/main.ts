import { execFileSync } from 'node:child_process'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import { buildPackage } from './build-package.ts'

// `npm run package`: builds the npm package in dist/package/, and packs it into dist/.
const folder = path.join(projectRoot, 'dist', 'package')
buildPackage(folder)
execFileSync('npm', ['pack', '--pack-destination', '..'], { cwd: folder, stdio: 'inherit' })
