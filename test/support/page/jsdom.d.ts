/** As much of jsdom as the tests use: its own types need those of a browser, which would be known everywhere. */
declare module 'jsdom' {
  export interface DomElement {
    readonly id: string;
    readonly tagName: string;
    readonly textContent: string;
    readonly innerHTML: string;
    readonly classList: { contains(name: string): boolean };
    getAttribute(name: string): string | null;
    getAttributeNames(): string[];
    querySelector(selector: string): DomElement | null;
    querySelectorAll(selector: string): Iterable<DomElement> & { readonly length: number };
    remove(): void;
    append(text: string): void;
  }
  export interface DomDocument extends Omit<DomElement, 'id' | 'tagName'> {
    readonly body: DomElement;
    readonly documentElement: DomElement;
  }
  export class JSDOM {
    constructor(html: string, options?: { readonly runScripts?: 'outside-only' });
    readonly window: { readonly document: DomDocument; eval(script: string): void };
  }
}
