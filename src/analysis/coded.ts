/** A union member distinguished by its code alone. */
export type Coded<Code extends string> = Code extends string ? { readonly code: Code } : never;
