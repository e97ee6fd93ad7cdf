import { execFileSync } from 'node:child_process'

import { expect, it } from 'vitest'

import { tarOf, toShell } from './settings.ts'

it('writes settings that a shell reads back exactly', () => {
  const value = `it's "quoted" $HOME \`id\` \\ and\nlong`
  const script = `${toShell({ VALUE: value })}printf %s "$VALUE"`
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(value)
})

it('refuses a name that a shell would execute', () => {
  expect(() => toShell({ 'A;rm': '1' })).toThrow(/"A;rm"/)
})

it('packs a file into an archive that tar unpacks', () => {
  const archive = tarOf('api-1', 'A=1\n')
  const list = execFileSync('tar', ['-tvf', '-'], { input: archive, encoding: 'utf8' })
  expect(list).toMatch(/-rw-r--r-- .* 4 .* api-1/)
  const content = execFileSync('tar', ['-xOf', '-'], { input: archive, encoding: 'utf8' })
  expect(content).toBe('A=1\n')
})
