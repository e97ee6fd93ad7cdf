/** Watches over a controller that said it would beat: when it stops, `lost` is called once, until it beats again. */
export class Heartbeat {
  readonly #lost: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(lost: () => void) {
    this.#lost = lost
  }

  /** The next beat comes within `deadAfterMs`, or the controller counts as dead. */
  beat(deadAfterMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#lost()
    }, deadAfterMs)
  }

  get expected(): boolean {
    return this.#timer !== undefined
  }

  /** The controller says that it will not beat any more. */
  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
