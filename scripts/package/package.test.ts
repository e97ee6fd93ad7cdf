import { globSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { buildPackage } from './build-package.ts'

let folder: string
let files: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'unhappy-package-'))
  buildPackage(folder)
  files = globSync('**/*', { cwd: folder })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .map((file) => file.split(path.sep).join('/'))
}, 120_000)
afterAll(async () => rm(folder, { recursive: true, force: true }))

const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8')
const manifest = (): { readonly dependencies: Readonly<Record<string, string>> } =>
  JSON.parse(read('package.json')) as ReturnType<typeof manifest>

test('the package has programs, labs, the page and documents, in at most 8 MB', () => {
  const kinds = new Set(files.map((file) => path.extname(file)))
  expect([...kinds].toSorted()).toEqual(
    ['', '.css', '.html', '.js', '.json', '.md', '.sh', '.sql', '.ts', '.yaml'].toSorted(),
  )
  const bytes = files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)
  expect(bytes).toBeLessThan(8_000_000)
  expect(files).toContain('chaos/dashboard/dist/index.html')
  expect(files).toContain('labs/first-steps/lab-zero/README.md')
})

test('the package has no test, no registry address and no path of a machine', () => {
  expect(files.filter((file) => /\.test\.|(^|\/)test(ing)?\//.test(file))).toEqual([])
  const found = files.filter((file) =>
    /registry\.(?:npmjs|yarnpkg)|_resolved|"resolved"|file:\/\/\/(?:home|root|work|tmp|Users)\/|(?<![\w.])\/(?:home\/\w|root\/|work\/|Users\/\w)/.test(
      read(file),
    ),
  )
  expect(found).toEqual([])
})

test('only files that learners read are TypeScript, and each of them is compiled unless it only is text', () => {
  const sources = files.filter((file) => file.endsWith('.ts'))
  expect(sources.filter((file) => !/^(?:services|labs)\//.test(file))).toEqual([])
  const run = sources.filter((file) => !/\/transfer\//.test(file))
  expect(run.filter((file) => !files.includes(file.replace(/\.ts$/, '.js')))).toEqual([])
})

test('every import leads to a file of the package or to a dependency, and every dependency is imported', () => {
  const { dependencies } = manifest()
  const names = new Set<string>()
  const lost = files
    .filter((file) => file.endsWith('.js') && !file.startsWith('chaos/dashboard/'))
    .flatMap((file) =>
      importsOf(read(file)).flatMap((to) => {
        if (builtinModules.includes(to.replace(/^node:/, '')) || to.startsWith('node:')) return []
        const near = to.startsWith('#')
          ? to.slice(1).replace(/\.ts$/, '.js')
          : path.posix.join(path.posix.dirname(file), to)
        if (/^[#.]/.test(to)) return files.includes(near) ? [] : [`${file}: ${to}`]
        const name = /^(?:@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to
        names.add(name)
        return Object.hasOwn(dependencies, name) ? [] : [`${file}: ${to}`]
      }),
    )
  expect(lost).toEqual([])
  const text = files
    .filter((file) => file.endsWith('.js'))
    .map(read)
    .join('\n')
  const unused = Object.keys(dependencies).filter(
    (name) => !names.has(name) && !name.startsWith('@types/') && !text.includes(`'${name}/`),
  )
  expect(unused).toEqual([])
})

test('a program never names a TypeScript file of the package', () => {
  const named = files
    .filter((file) => file.endsWith('.js') && !file.startsWith('chaos/dashboard/'))
    .flatMap((file) =>
      [...read(file).matchAll(/new URL\(\s*['"]([^'"]+\.ts)['"], import\.meta\.url/g)]
        .map(([, name = '']) => `${file}: ${name}`)
        // No file: the text of each request takes its place.
        .filter((found) => !found.endsWith('project/learner.ts')),
    )
  expect(named).toEqual([])
})

/** What a compiled file imports, static or not. */
function importsOf(text: string): readonly string[] {
  const code = text.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')
  return [
    ...code.matchAll(/^(?:import|export|\})[^;'"\n=]* from '([^'\s]+)'$/gm),
    ...code.matchAll(/^import '([^'\s]+)'$/gm),
    ...code.matchAll(/\bimport\(\s*'([^'\s]+)'\s*\)/g),
  ].map(([, to = '']) => to)
}
