import { expect, test } from 'vitest'

import { parseDuration } from '#chaos/lib/duration.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'
import { resultLooks } from '#chaos/xray/judging/cell-results.ts'

import { type Example, readExamples, startExample } from '../testing/example-project.ts'

const examples = await readExamples()
const settleMs = ({ flow }: Example): number => parseDuration(flow.settle)
const [quickest, ...others] = examples.toSorted((a, b) => settleMs(a) - settleMs(b))

describeWithDocker('the examples as external projects', () => {
  test('there are three, each with a flow file of at most 10 lines', () => {
    expect(examples).toHaveLength(3)
    expect(examples.map(({ lines }) => lines > 10)).toEqual([false, false, false])
  })

  test.each(others.map((example) => [example.name, example] as const))(
    '%s starts, and serves the request of its flow file',
    async (_, example) => {
      await using project = await startExample(example, 'broken')
      const { requests, to } = example.flow
      const [{ send, body }] = requests
      const [method = '', path = ''] = send.split(' ')
      const services = JSON.parse(await project.compose('config', '--format', 'json')) as {
        services: Record<string, { ports: readonly [{ published: string }] }>
      }
      const port = services.services[to]?.ports[0].published
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body).replaceAll('{{id}}', 'o-test-1'),
      })
      expect(response.status, await response.text()).toBe(201)
    },
  )

  test('an X-ray of one of them finds its bug: a COMMIT whose reply is lost', async () => {
    if (quickest === undefined) throw new Error('There is no example.')
    await using project = await startExample(quickest, 'broken')
    const { tookMs } = await project.adopt()
    expect(tookMs).toBeLessThan(15_000)
    const { cells } = await project.xray('--only', 'COMMIT/reply-cut')
    const found = cells.map(({ result }) => `${result} ${resultLooks[result].colour}`)
    expect(found).toEqual(['double-effect red'])
  })
})
