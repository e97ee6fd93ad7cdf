/** What a keeper does when its lease is over. */
export interface LeaseKeeperTask {
  readonly leaseMs: number
  /** Id of the container that it is about. */
  readonly container: string
  /** Resource settings to give back to the container; without them the container is resumed. */
  readonly update?: object
}
