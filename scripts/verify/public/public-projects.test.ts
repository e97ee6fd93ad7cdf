import { afterEach, expect, it, vi } from 'vitest'

import { publicProjects } from './public-projects.ts'

afterEach(() => vi.restoreAllMocks())

it('reads folders and flow files', () => {
  expect(publicProjects('/src/fib=/src/fib.flow.yaml,/src/hits=/src/hits.flow.yaml')).toEqual([
    { name: 'fib', folder: '/src/fib', flow: '/src/fib.flow.yaml' },
    { name: 'hits', folder: '/src/hits', flow: '/src/hits.flow.yaml' },
  ])
  expect(publicProjects(undefined)).toEqual([])
})

it.each(['/src/fib', '=x', '/src/fib=', 'a=b=c', 'x/fib=f,y/fib=f'])('refuses %s', (text) => {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  expect(publicProjects(text)).toBe('bad')
  expect(error).toHaveBeenCalledOnce()
})
