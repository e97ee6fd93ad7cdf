import { afterAll, beforeAll, beforeEach, describe } from 'vitest'

import type { InstanceEvent, Runtime } from '#chaos/contracts/runtime.ts'

import { names } from './conformance/common.ts'
import { describeEnvironment } from './conformance/environment.ts'
import { describeLifecycle } from './conformance/lifecycle.ts'
import { describeLooking } from './conformance/looking.ts'
import { describePausing } from './conformance/pausing.ts'
import type { ConformanceSubject } from './conformance/subject.ts'

/** What every runtime must do. Both run it: `describeRuntime('local', { start, ... })`. */
export function describeRuntime(title: string, subject: ConformanceSubject): void {
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
    // Each test finds everything as after the start, whatever the one before has done.
    beforeEach(async () => {
      for (const name of names) {
        await runtime().resume(name, { by: 'user' })
        await runtime().start(name, { by: 'user' })
      }
      events.length = 0
    })

    const conformance = { runtime, events, subject }
    describeLooking(conformance)
    describeLifecycle(conformance)
    describeEnvironment(conformance)
    describePausing(conformance)
  })
}
