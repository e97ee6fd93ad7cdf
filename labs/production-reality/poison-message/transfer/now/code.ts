import { decode, shrink } from './picture.ts'

interface Message {
  readonly name: string
  acknowledge(): Promise<void>
  reject(options: { readonly requeue: boolean }): Promise<void>
}

interface Files {
  get(name: string): Promise<Buffer>
  put(name: string, content: Buffer): Promise<void>
}

export function makeSmallPictures(
  queue: { onMessage(work: (message: Message) => Promise<void>): void },
  files: Files,
): void {
  queue.onMessage(async (message) => {
    try {
      const picture = await decode(await files.get(message.name))
      await files.put(`small/${message.name}`, await shrink(picture, 160))
      await message.acknowledge()
    } catch (error) {
      console.warn(message.name, error)
      await message.reject({ requeue: true })
    }
  })
}
