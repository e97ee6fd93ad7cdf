import { randomInt } from 'node:crypto'

/** A seeded source of randomness: the same seed gives the same sequence on every machine. */
export interface Random {
  readonly seed: number
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [min, max], both included. */
  integer(min: number, max: number): number
  pick<T>(items: readonly T[]): T
  /** An independent source for one purpose, so a new consumer does not change the numbers of the others. */
  fork(label: string): Random
}

/** xoshiro128** seeded through splitmix32 (Blackman and Vigna, 2018). */
export function createRandom(seed: number): Random {
  let [a, b, c, d] = expand(seed)
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result / 2 ** 32
  }
  return {
    seed,
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (items) => {
      if (items.length === 0) throw new RangeError('pick: the list is empty')
      return items[Math.floor(next() * items.length)] as (typeof items)[number]
    },
    fork: (label) => createRandom(hash(seed, label)),
  }
}

/** A seed for a run without one. The run prints it, so the run can be repeated. */
export function freshSeed(): number {
  return randomInt(1, 2 ** 31)
}

function expand(seed: number): [number, number, number, number] {
  let state = seed >>> 0
  const step = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  return [step(), step(), step(), step()]
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

/** FNV-1a over the seed and the label. */
function hash(seed: number, label: string): number {
  let value = 0x811c9dc5 ^ (seed >>> 0)
  for (let i = 0; i < label.length; i++) value = Math.imul(value ^ label.charCodeAt(i), 0x01000193)
  return value >>> 0
}
