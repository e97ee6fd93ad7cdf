import { expect, it } from 'vitest'

import { inTurn } from './lookup-in-turn.ts'

const v4 = (address: string) => ({ address, family: 4 })

it('gives each connection the next replica first', () => {
  const order = [1, 2, 3].map(() => inTurn('web', [v4('10.0.0.2'), v4('10.0.0.1')])[0]?.address)
  expect(order).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1'])
})

it('keeps every address, and the first family first', () => {
  const v6 = { address: '::1', family: 6 }
  inTurn('both', [v6, v4('127.0.0.1')])
  expect(inTurn('both', [v6, v4('127.0.0.1')])).toEqual([v6, v4('127.0.0.1')])
})
