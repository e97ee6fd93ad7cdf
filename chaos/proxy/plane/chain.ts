import type { Stage } from '../toxics/lib/toxic-kind.ts'
import type { Pipe } from './pipe.ts'

/**
 * Where a stage stands among the others of its direction: toxics in the order of their addition, and whatever reads the
 * protocol at the caller's side of them all.
 */
export type StageLayer = 'toxic' | 'inspecting-toxic' | 'inspector'

/** A stage's place, and its order among those of the same place. */
export interface StagePosition {
  readonly place: StageLayer
  readonly order: number
}

const fromCaller: readonly StageLayer[] = ['inspector', 'inspecting-toxic', 'toxic']

/** One stage in the chain of a direction. */
export class ChainNode {
  readonly position: StagePosition
  readonly pipe: Pipe
  stage: Stage = {}
  next: ChainNode | null = null
  #gone = false

  constructor(direction: Pipe, seat: StagePosition) {
    this.pipe = direction
    this.position = seat
  }

  /** Gives the stage a chunk, or passes it on when the stage does not care. */
  chunk(chunk: Buffer): void {
    if (this.stage.chunk === undefined) this.pass(chunk)
    else this.stage.chunk(chunk)
  }

  end(): void {
    if (this.stage.end === undefined) this.passEnd()
    else this.stage.end()
  }

  /** To the next stage, or to the sink. */
  pass(chunk: Buffer): void {
    if (this.#gone) return
    if (this.next === null) this.pipe.writeHeld(chunk)
    else this.next.chunk(chunk)
  }

  passEnd(): void {
    if (this.#gone) return
    if (this.next === null) this.pipe.end()
    else this.next.end()
  }

  drop(bytes: number): void {
    if (!this.#gone) this.pipe.dropped(bytes)
  }

  /** The stage's part is over: timers are cancelled, and what it still says is not heard. */
  retire(): void {
    if (this.#gone) return
    this.#gone = true
    this.stage.destroy?.()
  }
}

/** The nodes with `node` in its place. */
export function withNode(nodes: readonly ChainNode[], node: ChainNode): ChainNode[] {
  const at = nodes.findIndex((other) => comesBefore(node, other))
  return at === -1 ? [...nodes, node] : nodes.toSpliced(at, 0, node)
}

/** Links the nodes one to the next; returns the first. */
export function linkNodes(nodes: readonly ChainNode[]): ChainNode | null {
  for (const [index, node] of nodes.entries()) node.next = nodes[index + 1] ?? null
  return nodes[0] ?? null
}

function comesBefore(a: ChainNode, b: ChainNode): boolean {
  const difference = rank(a) - rank(b)
  return difference < 0 || (difference === 0 && a.position.order < b.position.order)
}

function rank(node: ChainNode): number {
  const index = fromCaller.indexOf(node.position.place)
  return node.pipe.stream === 'upstream' ? index : -index
}
