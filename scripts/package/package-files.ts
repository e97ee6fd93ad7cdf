import { globSync } from 'node:fs'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import { isForTests } from '../tidy/sources.ts'

/** Paths from the project's root, with `/`. */
export interface PackageFiles {
  /** Sources that are compiled. */
  readonly compiled: readonly string[]
  /** Files that stay as they are. Some of them are compiled, too: learners read them, and their editor reads the types. */
  readonly copied: readonly string[]
}

/** No program of the package: the page is built, and these run in tests only. */
const apart = /^chaos\/(?:dashboard|testing)\/|^chaos\/runtime\/conformance\.ts$|^labs\/testing\//
/** The code of a version of a lab. */
const version = /^labs\/[^/]+\/[^/]+\/(?!transfer\/).+\//
const transfer = /^labs\/[^/]+\/[^/]+\/transfer\//

/** Which files of the project are in the npm package. */
export function packageFiles(): PackageFiles {
  const sources = find('{chaos,services,labs}/**/*.ts').filter(
    (file) => !apart.test(file) && !isForTests(file),
  )
  const shown = sources.filter((file) => file.startsWith('services/') || version.test(file))
  const others = find(
    'chaos/cli/{unhappy.js,grade/enter-cell.sh}',
    'chaos/dashboard/dist/**/*.{html,js,css,svg,woff2}',
    'chaos/type-check/project/tsconfig.json',
    'services/database/*.sql',
    'labs/*-*/*/**/*.{md,yaml}',
    'docs/{,decisions/,guides/,incidents/**/}*.{md,yaml,json}',
    '{CHANGELOG.md,LICENSE,README.md}',
  )
  return {
    compiled: sources.filter((file) => !transfer.test(file)),
    copied: [...shown, ...sources.filter((file) => transfer.test(file)), ...others].toSorted(),
  }
}

function find(...patterns: readonly string[]): string[] {
  return globSync(patterns, { cwd: projectRoot })
    .map((file) => file.split(path.sep).join('/'))
    .toSorted()
}
