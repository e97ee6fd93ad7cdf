import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { localAddresses } from '../addresses.ts'
import { proxyPlan, servicePlans } from './plans.ts'

test('the data plane refuses foreign proxies; its secret is not in its arguments', async () => {
  const sandboxFolder = await mkdtemp(join(tmpdir(), 'unhappy-plans-'))
  try {
    const context = {
      system,
      projectRoot: '/project',
      sandboxFolder,
      addresses: localAddresses(system, 0),
      baseEnvironment: {},
      profilesOn: () => [],
      fileOf: (instance: string) => `/files/${instance}`,
    }
    const withSecret = proxyPlan({ ...context, linksSecret: 'the-secret' }).spawnRequest({})
    expect(withSecret.environment).toEqual({
      LINKS_OWN_PROXIES_ONLY: '1',
      LINKS_SECRET: 'the-secret',
    })
    expect(withSecret.args.join(' ')).not.toContain('the-secret')
    expect(proxyPlan(context).spawnRequest({}).environment).toMatchObject({
      LINKS_OWN_PROXIES_ONLY: '1',
      LINKS_SECRET: '',
    })
  } finally {
    await rm(sandboxFolder, { recursive: true })
  }
})

test('only instances for code that is not trusted are confined; one that keeps a file may write it', () => {
  const context = {
    system,
    projectRoot: '/project',
    sandboxFolder: '/sandbox',
    addresses: localAddresses(system, 0),
    baseEnvironment: { NODE_COMPILE_CACHE: '/cache' },
    profilesOn: () => [],
    fileOf: (instance: string) => `/sandbox/files/${instance}-first`,
  }
  const requests = (codeFolder?: string) =>
    servicePlans({ ...context, ...(codeFolder === undefined ? {} : { codeFolder }) }).map((plan) =>
      plan.spawnRequest({}),
    )
  for (const { args, environment } of requests()) {
    expect(args).not.toContain('--permission')
    expect(environment['NODE_COMPILE_CACHE']).toBe('/cache')
  }
  for (const { name, args, environment } of requests('/code')) {
    expect(args[0]).toBe('--permission')
    expect(args).toContain('--allow-fs-read=/code')
    expect(args.filter((arg) => arg.startsWith('--allow-fs-write'))).toEqual(
      name === 'payments' ? ['--allow-fs-write=/sandbox/files/payments-*'] : [],
    )
    expect(environment['NODE_COMPILE_CACHE']).toBe('')
  }
})
