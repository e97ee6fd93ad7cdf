import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Door } from '#services/api/seams.ts'
import { admission } from '#services/api/seams/admission.ts'

import type { CallEnd } from '../../contract-probe.ts'
import { evenly, sendOrders } from './send-orders.ts'
import type { DoorLoad, ObservedDoor } from './send-orders.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const now = (): number => performance.now()
const sleep = async (milliseconds: number): Promise<void> =>
  await new Promise<void>((resolve) => void setTimeout(resolve, milliseconds))
const call = async <T>(work: () => T | Promise<T>, limitMs: number): Promise<CallEnd<T>> => {
  const done = (async () => await work())()
  await vi.advanceTimersByTimeAsync(limitMs)
  return { how: 'returned', value: await done, afterMs: limitMs }
}
const pass = async (milliseconds: number): Promise<void> =>
  void (await vi.advanceTimersByTimeAsync(milliseconds))

const limits = { runningMax: 2, waitingMax: 1, waitMaxMs: 100 }

async function observe(door: Door, load: Partial<DoorLoad> = {}): Promise<ObservedDoor> {
  const orders = evenly(5, 10, () => ({ workMs: 300 }))
  return await sendOrders({ now, sleep, call, pass }, door, {
    name: 'load',
    limits,
    orders,
    ...load,
  })
}

test('orders begin, wait and are refused as the door decides', async () => {
  const { orders, runningMost, falseNumbers } = await observe(admission(limits))
  expect(runningMost).toBe(2)
  expect(falseNumbers).toBeUndefined()
  const waits = orders.map(({ enteredMs, beganMs, settledMs = NaN }) =>
    beganMs === undefined
      ? `refused after ${settledMs - enteredMs}`
      : `waited ${beganMs - enteredMs}`,
  )
  expect(waits).toEqual([
    'waited 0',
    'waited 0',
    'refused after 100',
    'refused after 0',
    'refused after 0',
  ])
})

test('the failure of an order is its own, and its place is free again', async () => {
  const failure = new Error('sold out')
  const { orders } = await observe(admission(limits), {
    orders: evenly(3, 400, () => ({ workMs: 300, failure })),
  })
  expect(orders.map(({ error }) => error)).toEqual([failure, failure, failure])
  expect(
    orders.every(({ beganMs, endedMs }) => beganMs !== undefined && endedMs !== undefined),
  ).toBe(true)
})

test('numbers that stay false are reported', async () => {
  const inner = admission(limits)
  const door: Door = {
    enter: async (work) => await inner.enter(work),
    get running() {
      return inner.running
    },
    get waiting() {
      return inner.waiting - 1
    },
  }
  const { falseNumbers } = await observe(door)
  expect(falseNumbers).toEqual({
    said: '2 running and -1 waiting',
    real: '2 running and 0 waiting',
  })
})

test('an order that begins after its refusal is seen', async () => {
  const door: Door = {
    enter: async (work) => {
      setTimeout(() => void work(), 1_000)
      throw new Error('refused')
    },
    running: 0,
    waiting: 0,
  }
  const { orders } = await observe(door)
  expect(orders.map(({ beganMs = NaN, settledMs = NaN }) => beganMs - settledMs)).toEqual(
    Array.from({ length: 5 }, () => 1_000),
  )
})
