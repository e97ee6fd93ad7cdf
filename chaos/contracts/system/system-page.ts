/** A rate in the API's traffic outside of runs, in operations per second: `browsePerSecond`. */
export type RateName = `${string}PerSecond`

/**
 * What the dashboard shows about a system beyond its topology. Everything is data, and each member may be absent: the page
 * then shows what it finds by itself.
 */
export interface SystemPage {
  /** The figures of the panel "Sources of truth", in their order. Absent: one for each counter. */
  readonly figures?: readonly TruthFigure[]
  /** Traffic that the page can start: rates as `PUT /api/traffic` receives them. Absent: the page starts none. */
  readonly loads?: readonly {
    readonly name: string
    readonly rates: Readonly<Record<RateName, number>>
  }[]
  /** One request to send by hand. `{url}` in the command is the address of the first entry. */
  readonly example?: { readonly title: string; readonly command: string }
  /** What instances of a service report in their `/metrics`: shown on their boxes while it is above 0. */
  readonly gauges?: readonly {
    readonly service: string
    /** Name of a gauge without labels. */
    readonly metric: string
    /** What it counts: `waiting for a connection`. */
    readonly text: string
  }[]
  /** What a restore does, in one sentence. */
  readonly restore?: string
}

/** A figure of the sources of truth: the sum of some counters. */
export interface TruthFigure {
  /** What it counts: `jobs in the queue`. */
  readonly text: string
  /** Names in `SandboxView.truth`. `acknowledged` is the count of the sandbox's own clients. */
  readonly counters: readonly string[]
  /**
   * What the page checks. `accepted`: what the clients have received. `stored`: must not be less than `accepted`. `agrees`: all
   * such figures are equal when the system is settled. `unfinished`, `work`: both are 0 when it is settled, and
   * `unfinished` without any `work` is stuck.
   */
  readonly role?: 'accepted' | 'stored' | 'agrees' | 'unfinished' | 'work'
  /** What an alarm of `stored` or `unfinished` says after the number: `accepted order` and `missing in Postgres`. */
  readonly alarm?: { readonly thing: string; readonly what: string }
  /** The store that holds what it counts: its box shows the figure while it is above 0. */
  readonly store?: string
  /** The page also draws it as a line. */
  readonly drawn?: boolean
}
