import { expect, test } from 'vitest'

import { labs } from '#labs/index.ts'

import { describeWithDocker } from './testing/describe-with-docker.ts'
import { useComposeSandbox } from './testing/use-compose-sandbox.ts'

/** Exit statuses of `unhappy lab check`. */
const held = 0
const violated = 1

interface Failed {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

describeWithDocker('the labs through docker compose exec', () => {
  const sandbox = useComposeSandbox()
  const check = async (
    lab: string,
    version: string,
    ...flags: readonly string[]
  ): Promise<{ status: number; text: string }> => {
    const words = ['unhappy', 'lab', 'check', lab, '--version', version, ...flags]
    try {
      return { status: held, text: await sandbox().compose('exec', '-T', 'chaos', ...words) }
    } catch (error) {
      const { code, stdout, stderr } = error as Failed
      return { status: code, text: `${stdout}${stderr}` }
    }
  }

  // LABS=all checks every lab completely.
  const all = process.env['LABS'] === 'all'
  const chosen = labs.filter(({ id }) => all || id === 'dual-write')

  test.each(chosen)(
    '$id: the starting version is violated, the version of the shop is held',
    async ({ id }) => {
      const start = await check(id, 'start', '--quick')
      expect(start.status, start.text).toBe(violated)
      const shop = await check(id, 'shop', ...(all ? [] : ['--quick']))
      expect(shop.status, shop.text).toBe(held)
    },
  )
})
