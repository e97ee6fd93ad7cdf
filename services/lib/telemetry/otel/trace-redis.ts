import { context, trace } from '@opentelemetry/api'
import { Redis } from 'ioredis'

import type { Telemetry } from '../telemetry.ts'

interface Command {
  readonly name: string
  readonly promise: Promise<unknown>
}
type SendCommand = (this: Redis, command: Command, ...rest: unknown[]) => unknown

/** A span for each command that belongs to a request, a message or a job. */
export function traceRedis(telemetry: Telemetry): void {
  const prototype = Redis.prototype as unknown as { sendCommand: SendCommand }
  const { sendCommand } = prototype
  prototype.sendCommand = function traced(command, ...rest) {
    if (trace.getSpan(context.active()) === undefined)
      return sendCommand.call(this, command, ...rest)
    const operation = command.name.toUpperCase()
    const span = telemetry.begin({
      name: operation,
      kind: 'client',
      attributes: {
        'db.system.name': 'redis',
        'db.operation.name': operation,
        'server.address': this.options.host ?? '',
        'server.port': this.options.port ?? 0,
      },
    })
    command.promise.then(
      () => span.end(),
      (error: unknown) => span.end({ error }),
    )
    return sendCommand.call(this, command, ...rest)
  }
}
