import { askOnce } from './ask-once.ts'
import { databaseName } from './postgres-template.ts'

const authentication = 'R'.charCodeAt(0)

/**
 * Whether Postgres accepts connections: it answers a startup message with a question for the password. While it starts
 * or recovers it accepts the connection and answers with an error.
 */
export async function postgresAccepts(port: number, timeoutMs: number): Promise<boolean> {
  const reply = await askOnce({ port, request: startupMessage(), replyMin: 1, timeoutMs })
  return reply?.[0] === authentication
}

function startupMessage(): Buffer {
  const parameters = `user\0${databaseName}\0database\0${databaseName}\0\0`
  const message = Buffer.alloc(8 + parameters.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(0x30000, 4) // protocol 3.0
  message.write(parameters, 8, 'latin1')
  return message
}
