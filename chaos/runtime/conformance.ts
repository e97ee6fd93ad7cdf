import { afterAll, beforeAll, beforeEach, describe } from 'vitest'

import type { InstanceEvent, Runtime } from '#chaos/contracts/runtime.ts'

import { describeClocks } from './conformance/clocks.ts'
import { describeEnvironment } from './conformance/environment.ts'
import { describeLateLines } from './conformance/late-lines.ts'
import { describeLifecycle } from './conformance/lifecycle.ts'
import { describePausing } from './conformance/pausing.ts'
import { describeReading } from './conformance/reading.ts'
import { subjectNames, type ConformanceSubject } from './conformance/subject.ts'

/** The tests that every runtime must pass: `describeConformance('local', { start, ... })`. */
export function describeConformance(title: string, subject: ConformanceSubject): void {
  describe(`${title} runtime`, () => {
    let started: Runtime | undefined
    const events: InstanceEvent[] = []
    const runtime = () => {
      if (started === undefined) throw new Error('The runtime has not been started.')
      return started
    }

    beforeAll(async () => {
      started = await subject.start()
      started.onInstance((event) => events.push(event))
    })
    afterAll(async () => {
      await started?.[Symbol.asyncDispose]()
    })
    // Each test starts with every instance ready, whatever the test before has done.
    beforeEach(async () => {
      for (const name of subjectNames(subject)) {
        await runtime().resume(name, { by: 'user' })
        await runtime().start(name, { by: 'user' })
      }
      events.length = 0
    })

    const conformance = { runtime, events, subject }
    describeReading(conformance)
    describeLifecycle(conformance)
    describeEnvironment(conformance)
    describePausing(conformance)
    describeClocks(conformance)
    describeLateLines(conformance)
  })
}
