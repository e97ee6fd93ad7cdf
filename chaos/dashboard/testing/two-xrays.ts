import type { TestCli } from '#chaos/cli/testing/test-cli.ts'

import { saveXrayFixture } from './xray-fixture.ts'

/** The ids of two X-rays of the same flow with different cells. */
export const twoXrays = {
  before: 'xray-20300101-000000-place-order',
  after: 'xray-20300101-000100-place-order',
} as const

/** Saves both X-rays in the home of a sandbox. */
export async function saveTwoXrays({ home }: TestCli): Promise<void> {
  await saveXrayFixture(`${home}/runs`, twoXrays.before, 'naive', {
    's03/reply-cut': 'double-effect',
    's04/reply-late': 'stuck',
  })
  await saveXrayFixture(`${home}/runs`, twoXrays.after, 'mine', { 's05/request-cut': 'lost' })
}
