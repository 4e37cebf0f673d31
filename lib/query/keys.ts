/** Keys that a screen may need without the queries behind them. */
export const DATASETS_KEY = ["datasets"] as const;
