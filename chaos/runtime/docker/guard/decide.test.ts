import { describe, expect, it } from 'vitest'

import { decide } from './decide.ts'
import type { EngineRequest } from './decide.ts'
import type { OwnerOf } from './sidecar-problem.ts'
import type { NewContainer } from './sidecar-problem.ts'

const project = { name: 'shop', image: 'sha256:ours', network: 'shop_engine' }
const ownerOf: OwnerOf = async (id) =>
  ({ 'api-1': 'service', helper: 'sidecar', theirs: 'stranger' } as const)[id]

async function ask(
  method: string,
  pathAndQuery: string,
  body?: EngineRequest['body'],
): Promise<string | undefined> {
  const url = new URL(pathAndQuery, 'http://engine')
  return await decide(
    { method, path: url.pathname, query: url.searchParams, body },
    project,
    ownerOf,
  )
}

const sidecar: NewContainer = {
  Image: 'sha256:ours',
  User: '0',
  Entrypoint: ['packet-filter'],
  Cmd: ['60', 'mark'],
  Labels: { 'unhappy-path.project': 'shop' },
  HostConfig: {
    NetworkMode: 'container:api-1',
    AutoRemove: true,
    CapDrop: ['ALL'],
    CapAdd: ['NET_ADMIN'],
    SecurityOpt: ['no-new-privileges'],
    PidsLimit: 32,
  },
}
const withHost = (host: object): object => ({
  ...sidecar,
  HostConfig: { ...sidecar.HostConfig, ...host },
})
const create = '/containers/create?name=x'

describe('passes the requests of the runtime', () => {
  it.each([
    ['GET', '/_ping'],
    ['GET', '/containers/api-1/json'],
    ['POST', '/containers/api-1/kill'],
    ['POST', '/containers/api-1/pause'],
    ['GET', '/containers/api-1/logs?follow=1'],
    ['GET', '/containers/api-1/stats?stream=false&one-shot=true'],
    ['HEAD', '/containers/api-1/archive?path=/data'],
    ['DELETE', '/containers/helper?force=true'],
    ['GET', '/containers/gone/json'],
    ['GET', `/events?filters=${JSON.stringify({ label: ['com.docker.compose.project=shop'] })}`],
    [
      'GET',
      `/containers/json?filters=${JSON.stringify({ label: { 'unhappy-path.project=shop': true } })}`,
    ],
  ])('%s %s', async (method, path) => {
    expect(await ask(method, path)).toBeUndefined()
  })

  it('a sidecar in the network of an instance', async () => {
    expect(await ask('POST', create, sidecar)).toBeUndefined()
  })

  it("a container that runs a learner's code apart", async () => {
    const apart = {
      ...sidecar,
      User: 'node',
      Entrypoint: ['node'],
      HostConfig: {
        NetworkMode: 'none',
        Memory: 1,
        PidsLimit: 256,
        SecurityOpt: ['no-new-privileges'],
        CapDrop: ['ALL'],
      },
    }
    expect(await ask('POST', create, apart)).toBeUndefined()
    expect(await ask('PUT', '/containers/helper/archive?path=/app/my-work')).toBeUndefined()
  })

  it('a limit on memory and CPU', async () => {
    const limits = { Memory: 1, MemorySwap: 1, CpuPeriod: 1, CpuQuota: 1 }
    expect(await ask('POST', '/containers/api-1/update', limits)).toBeUndefined()
  })
})

describe('refuses', () => {
  it.each([
    ['POST', '/containers/theirs/kill'],
    ['GET', '/containers/theirs/json'],
    ['GET', '/containers/theirs/stats?stream=false'],
    ['POST', '/containers/api-1/stats'],
    ['DELETE', '/containers/api-1?force=true'],
    ['POST', '/containers/api-1/exec'],
    ['POST', '/containers/api-1/rename'],
    ['GET', '/containers/json'],
    ['GET', '/events'],
    ['GET', `/events?filters=${JSON.stringify({ label: ['com.docker.compose.project=other'] })}`],
    ['GET', '/info'],
    ['POST', '/images/create'],
    ['GET', '/images/get'],
    ['DELETE', '/volumes/shop_settings'],
    ['POST', '/build'],
    ['POST', '/containers/../images/load'],
  ])('%s %s', async (method, path) => {
    expect(await ask(method, path)).toMatch(/./)
  })

  it('an update that changes more than limits', async () => {
    const body = { Memory: 1, RestartPolicy: { Name: 'always' } }
    expect(await ask('POST', '/containers/api-1/update', body)).toMatch(/RestartPolicy/)
  })

  it.each([
    ['privileges', withHost({ Privileged: true })],
    ['privileges in lower case', withHost({ privileged: true })],
    ['a folder of the host', withHost({ Binds: ['/:/host'] })],
    ['a volume of another project', withHost({ Binds: ['other_data:/data'] })],
    ['mounts of the newer kind', withHost({ Mounts: [{ Type: 'bind', Source: '/' }] })],
    ['the processes of the host', withHost({ PidMode: 'host' })],
    ['devices', withHost({ Devices: [{ PathOnHost: '/dev/sda' }] })],
    ['the network of the host', withHost({ NetworkMode: 'host' })],
    [
      'the network of a container of another project',
      withHost({ NetworkMode: 'container:theirs' }),
    ],
    ['the network of a sidecar', withHost({ NetworkMode: 'container:helper' })],
    ['more capabilities', withHost({ CapAdd: ['SYS_ADMIN'] })],
    ['capabilities that are not dropped', withHost({ CapDrop: [] })],
    ['another image', { ...sidecar, Image: 'node:24-slim' }],
    ['another program', { ...sidecar, Entrypoint: ['bash'] }],
    ['no label', { ...sidecar, Labels: {} }],
    ['the label of another project', { ...sidecar, Labels: { 'unhappy-path.project': 'other' } }],
    ['a variable of the dynamic loader', { ...sidecar, Env: ['LD_PRELOAD=/x'] }],
    ['a list of volumes', { ...sidecar, Volumes: { '/x': {} } }],
    ['an empty description', {}],
  ])('a container with %s', async (_, body) => {
    expect(await ask('POST', create, body)).toMatch(/./)
  })
})
