export interface StatementBody {
  /** One statement that reads: SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW. */
  readonly statement: string
}

/** Rows as Postgres writes their values. */
export interface SqlRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** Whether the statement has more rows than these. */
  readonly more: boolean
  readonly tookMs: number
}

export interface CommandBody {
  /** One command that reads, with quotes as in redis-cli. */
  readonly command: string
}

export interface RedisReply {
  /** The reply as redis-cli prints it. */
  readonly reply: string
  readonly tookMs: number
}
