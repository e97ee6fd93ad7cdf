import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { projectRoot } from '#chaos/home/home.ts'

import { stackFileOf } from './deploy-class.ts'
import { stackProblems } from './stack-problems.ts'
import type { Stack } from './stack-problems.ts'

const folder = join(projectRoot, 'deploy', 'swarm')
const read = (text: string): Stack & { readonly configs: object } =>
  parse(text, { merge: true, maxAliasCount: -1 }) as Stack & { readonly configs: object }

/** The short form of networks, which `docker stack config` writes out. */
const written = ({ services, ...stack }: Stack): Stack => ({
  ...stack,
  services: Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const networks = service.networks as unknown as readonly string[]
      return [name, { ...service, networks: Object.fromEntries(networks.map((n) => [n, null])) }]
    }),
  ),
})

test('the stack file in the folder is the one for 12 seats', () => {
  expect(readFileSync(join(folder, 'stack.yml'), 'utf8')).toBe(stackFileOf(12))
})

test.for([1, 12, 200])('%i seats are separate, limited and without rights', (seats) => {
  expect(stackProblems(written(read(stackFileOf(seats))), seats)).toEqual([])
})

test('a stack file with a weakness is found out', () => {
  const good = written(read(stackFileOf(2)))
  const seat = good.services['seat-0'] ?? {}
  const wrong = (change: object): readonly string[] =>
    stackProblems({ ...good, services: { ...good.services, 'seat-0': { ...seat, ...change } } }, 2)
  expect(wrong({ privileged: true })).toEqual(['seat-0: not without privileges'])
  expect(wrong({ deploy: { endpoint_mode: 'dnsrr' } })).toEqual(['seat-0: not limited'])
  expect(wrong({ secrets: [{ source: 'seat-1' }] })).toEqual(['seat-0: not with its own key only'])
  expect(wrong({ networks: { 'seat-0': null, 'seat-1': null } })).toEqual([
    'seat-0: not alone in a closed network',
  ])
  expect(wrong({ user: 'root' })).toEqual(['seat-0: not without root'])
  expect(wrong({ volumes: good.services['seat-1']?.volumes })).toEqual([
    'not a folder for each service',
  ])
  expect(stackProblems(good, 3)).toContain('not 3 seats')
})

test('the proxy reaches every seat by the name that the stack gives it', () => {
  const proxy = readFileSync(join(folder, 'proxy.conf'), 'utf8')
  expect(proxy).toContain('proxy_pass http://seat-$seat:20000;')
  expect(Object.keys(read(stackFileOf(2)).configs)).toEqual(['proxy'])
})
