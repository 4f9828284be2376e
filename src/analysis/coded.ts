/** A member of a union that its code alone tells apart. */
export type Coded<Code extends string> = Code extends string ? { readonly code: Code } : never;
