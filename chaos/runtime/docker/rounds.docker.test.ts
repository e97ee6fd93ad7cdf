import { expect, test } from 'vitest'

import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { controllerApi } from './testing/controller-api.ts'
import { describeWithDocker } from './testing/describe-with-docker.ts'
import { breakFor, randomFault, whatIsLeft } from './testing/random-faults.ts'
import { useComposeSandbox } from './testing/use-compose-sandbox.ts'

/** `npm run verify -- --only docker` injects many more. */
const faults = 12
const atOnce = 3
const seed = freshSeed()

describeWithDocker(`random faults, ${atOnce} at a time (seed ${seed})`, () => {
  const sandbox = useComposeSandbox()

  test('after random faults no instance is paused, no packet rule is left, and every container is healthy', async () => {
    const api = await controllerApi(sandbox())
    const random = createRandom(seed)
    let accepted = 0
    for (let done = 0; done < faults; done += atOnce)
      // Two faults may choose the same instance. Then the second is refused or finds it down.
      accepted += await breakFor(
        api,
        Array.from({ length: atOnce }, () => randomFault(random)),
      )
    expect(accepted).toBeGreaterThan(faults / 2)
    expect(await whatIsLeft(sandbox(), api)).toEqual([])
  })
})
