import { askOnce } from './ask-once.ts'

/** Whether Redis answers; while it loads its file it says so, and that is no. */
export async function redisAccepts(port: number, timeoutMs: number): Promise<boolean> {
  const reply = await askOnce({ port, request: 'PING\r\n', replyMin: 5, timeoutMs })
  return reply?.toString('latin1').startsWith('+PONG') ?? false
}
