/** What the functions that run in the page use of the DOM: these scripts are checked without its types. */
export interface PageElement {
  readonly localName: string
  readonly textContent: string | null
  readonly parentNode: { readonly host?: PageElement } | null
  readonly parentElement: PageElement | null
  readonly shadowRoot: { readonly activeElement: PageElement | null } | null
  readonly ownerDocument: PageDocument
  readonly namespaceURI: string | null
  readonly scrollTop: number
  readonly scrollHeight: number
  readonly clientHeight: number
  getAttribute(name: string): string | null
  getBoundingClientRect(): Box
  getRootNode(): unknown
  contains(other: PageElement | null): boolean
}

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly width: number
  readonly height: number
}

export interface PageDocument {
  readonly activeElement: PageElement | null
  readonly body: PageElement
  readonly documentElement: PageElement
  readonly defaultView: {
    readonly innerWidth: number
    readonly innerHeight: number
    getComputedStyle(element: PageElement): {
      readonly overflowY: string
      readonly outlineStyle: string
      readonly outlineWidth: string
    }
  }
  createTreeWalker(root: PageElement, show: number): { nextNode(): PageElement | null }
  createRange(): {
    setStart(node: PageElement, offset: number): void
    setEnd(node: PageElement, offset: number): void
    getBoundingClientRect(): Box
  }
}

/** A document, or a shadow root. */
export interface PageRoot {
  elementFromPoint(x: number, y: number): PageElement | null
}
