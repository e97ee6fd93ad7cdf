/** TCP connections between the parts of an adopted project that pass no link. */
export interface DirectConnections {
  /** A service, `host` (a process of the machine, or a container with `network_mode: host`), or an unknown address. */
  readonly caller: string
  readonly callee: string
  /** Port of the callee. */
  readonly port: number
  /** The address and port that the caller has opened. */
  readonly address: string
  readonly count: number
  /** Before the links were there, or since: then the caller uses this address and no name. */
  readonly opened: 'before' | 'since'
}
