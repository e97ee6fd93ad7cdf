import { expect, it } from 'vitest'

import { system } from '#chaos/system.ts'

import { packetRules } from './packet-rules.ts'

const { topology } = system

const addressOf = (name: string): string | undefined =>
  ({ 'api-1': '172.20.0.5', postgres: '172.20.0.2' })[name]

it('cuts a link both ways on the port of this link', () => {
  expect(
    packetRules(topology, { from: 'api-1', to: 'postgres', direction: 'both' }, () => undefined),
  ).toEqual({
    at: 'api-1',
    matches: ['OUTPUT -p tcp --dport 20030', 'INPUT -p tcp --sport 20030'],
  })
})

it('also drops packets that pass no link', () => {
  expect(
    packetRules(topology, { from: 'api-1', to: 'postgres', direction: 'both' }, addressOf).matches,
  ).toEqual([
    'OUTPUT -p tcp --dport 20030',
    'OUTPUT -d 172.20.0.2',
    'INPUT -p tcp --sport 20030',
    'INPUT -s 172.20.0.2',
  ])
})

it('one way drops only what the caller sends', () => {
  expect(
    packetRules(topology, { from: 'api-1', to: 'postgres', direction: 'one-way' }, addressOf)
      .matches,
  ).toEqual(['OUTPUT -p tcp --dport 20030', 'OUTPUT -d 172.20.0.2'])
})

it('drops what the callee sends in the namespace of the caller', () => {
  expect(
    packetRules(topology, { from: 'postgres', to: 'api-1', direction: 'one-way' }, addressOf),
  ).toEqual({
    at: 'api-1',
    matches: ['INPUT -p tcp --sport 20030', 'INPUT -s 172.20.0.2'],
  })
})

it('separates two instances without a link by their addresses', () => {
  expect(
    packetRules(topology, { from: 'api-2', to: 'api-1', direction: 'both' }, addressOf),
  ).toEqual({
    at: 'api-2',
    matches: ['OUTPUT -d 172.20.0.5', 'INPUT -s 172.20.0.5'],
  })
})

it('refuses the client, which has no network namespace', () => {
  expect(() =>
    packetRules(topology, { from: 'client', to: 'api-1', direction: 'both' }, addressOf),
  ).toThrow(/no network namespace/)
})
