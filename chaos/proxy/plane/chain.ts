import type { Stage } from '../toxics/lib/toxic-kind.ts'
import type { Stream } from './inspector.ts'

/**
 * The stages of a pipe are in four layers. From the caller to the callee: the first bytes of a connection, inspectors, toxics
 * that read the protocol, other toxics.
 */
export type StageLayer = 'toxic' | 'inspecting-toxic' | 'inspector' | 'opening'

/** A stage's layer, and its order among the stages of the same layer. */
export interface StagePosition {
  readonly layer: StageLayer
  readonly order: number
}

const layersFromCaller: readonly StageLayer[] = [
  'opening',
  'inspector',
  'inspecting-toxic',
  'toxic',
]

/** What a chain needs from its pipe. The pipe is the sink: it receives what the last stage passes on. */
export interface ChainPipe {
  readonly stream: Stream
  writeHeld(chunk: Buffer): void
  end(): void
  dropped(bytes: number): void
  remove(node: ChainNode): void
}

/** One stage in the chain of a pipe. */
export class ChainNode {
  readonly position: StagePosition
  readonly pipe: ChainPipe
  stage: Stage = {}
  next: ChainNode | null = null
  #retired = false

  constructor(pipe: ChainPipe, position: StagePosition) {
    this.pipe = pipe
    this.position = position
  }

  /** Gives the chunk to the stage. A stage without a `chunk` method passes it on at once. */
  chunk(chunk: Buffer): void {
    if (this.stage.chunk === undefined) this.pass(chunk)
    else this.stage.chunk(chunk)
  }

  end(): void {
    if (this.stage.end === undefined) this.passEnd()
    else this.stage.end()
  }

  /** Passes the chunk to the next stage, or to the sink. */
  pass(chunk: Buffer): void {
    if (this.#retired) return
    if (this.next === null) this.pipe.writeHeld(chunk)
    else this.next.chunk(chunk)
  }

  passEnd(): void {
    if (this.#retired) return
    if (this.next === null) this.pipe.end()
    else this.next.end()
  }

  drop(bytes: number): void {
    if (!this.#retired) this.pipe.dropped(bytes)
  }

  /** Ends the stage: its timers are cancelled, and its later calls have no effect. */
  retire(): void {
    if (this.#retired) return
    this.#retired = true
    this.stage.destroy?.()
  }
}

/** The nodes, with `node` inserted at its position. */
export function withNode(nodes: readonly ChainNode[], node: ChainNode): ChainNode[] {
  const at = nodes.findIndex((other) => comesBefore(node, other))
  return at === -1 ? [...nodes, node] : nodes.toSpliced(at, 0, node)
}

/** Links each node to the next; returns the first. */
export function linkNodes(nodes: readonly ChainNode[]): ChainNode | null {
  for (const [index, node] of nodes.entries()) node.next = nodes[index + 1] ?? null
  return nodes[0] ?? null
}

function comesBefore(a: ChainNode, b: ChainNode): boolean {
  const difference = rank(a) - rank(b)
  return difference < 0 || (difference === 0 && a.position.order < b.position.order)
}

function rank(node: ChainNode): number {
  const index = layersFromCaller.indexOf(node.position.layer)
  return node.pipe.stream === 'upstream' ? index : -index
}

/** Drops every byte and hides the end of the stream. */
export function silent(node: ChainNode): Stage {
  return {
    chunk: (chunk) => node.drop(chunk.length),
    end: () => {},
    isolates: true,
  }
}
