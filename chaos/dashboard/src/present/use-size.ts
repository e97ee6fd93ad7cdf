import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** Pixels of an element. `unit`: the pixels that 1 px is on a screen of 1920 by 1080. */
export interface Size {
  readonly width: number
  readonly height: number
  readonly unit: number
}

/** The smallest unit: a text of 28 px is then 14 px. */
const smallestUnit = 0.5

/** The size of an element, followed while it changes. Null before it is known. */
export function useSize<T extends HTMLElement>(): {
  readonly ref: RefObject<T | null>
  readonly size: Size | null
} {
  const ref = useRef<T>(null)
  const [size, setSize] = useState<Size | null>(null)
  useEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    const measure = (): void => {
      const unit = Math.max(smallestUnit, Math.min(innerWidth / 1920, innerHeight / 1080))
      setSize({ width: element.clientWidth, height: element.clientHeight, unit })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [])
  return { ref, size }
}
