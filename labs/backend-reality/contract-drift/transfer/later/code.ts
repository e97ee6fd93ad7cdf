interface Block {
  readonly kind: 'text' | 'code'
  readonly text: string
}

interface ChatMessage {
  readonly version: number
  readonly text: string
  readonly blocks?: readonly Block[]
}

interface Topic {
  publish(message: ChatMessage): Promise<void>
}

interface Screen {
  show(blocks: readonly Block[]): Promise<void>
}

export async function send(topic: Topic, blocks: readonly Block[]): Promise<void> {
  const text = blocks.map((block) => block.text).join('\n')
  await topic.publish({ version: 1, text, blocks })
}

export async function receive(
  screen: Screen,
  park: (message: ChatMessage, reason: string) => Promise<void>,
  message: ChatMessage,
): Promise<void> {
  if (message.version !== 1) return park(message, `Version ${message.version} is unknown.`)
  const { text, blocks = [{ kind: 'text', text }] } = message
  await screen.show(blocks)
}
