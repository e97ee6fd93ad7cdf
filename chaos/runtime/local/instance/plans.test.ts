import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { localAddresses } from '../addresses.ts'
import { proxyPlan } from './plans.ts'

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
