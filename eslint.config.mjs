import nextPlugin from "eslint-config-next/core-web-vitals";
import boundaries from "eslint-plugin-boundaries";
import tanstackQuery from "@tanstack/eslint-plugin-query";
import tseslint from "typescript-eslint";

/** What each folder may import (itself always): the tree of docs/architecture.md. */
const LAYERS = {
  app: ["component", "ui", "query", "config", "proxy", "hub", "command-runs", "protocol", "base"],
  component: [
    "ui",
    "charts",
    "problems",
    "query",
    "stores",
    "workers",
    "storage",
    "server-config",
    "config",
    "base",
  ],
  charts: ["ui", "base"],
  problems: ["ui", "query", "base"],
  ui: ["base"],
  query: ["workers", "doctor", "training", "client", "storage", "protocol", "config", "base"],
  stores: ["workers", "storage", "training", "dataset", "base"],
  workers: ["storage", "tokenizer", "training", "client", "dataset", "protocol", "base"],
  storage: ["doctor", "training", "dataset", "base"],
  tokenizer: ["dataset", "protocol", "base"],
  training: ["client", "dataset", "protocol", "base"],
  client: ["protocol", "base"],
  doctor: ["training", "client", "dataset", "protocol", "base"],
  dataset: ["protocol", "base"],
  "server-config": ["base"],
  protocol: ["base"],
  config: ["base"],
  proxy: ["protocol", "config", "base"],
  hub: ["proxy", "protocol", "config", "base"],
  "command-runs": ["proxy", "training", "config", "base"],
  server: ["protocol", "base"],
  cli: [
    "server",
    "server-config",
    "hub",
    "command-runs",
    "config",
    "doctor",
    "client",
    "training",
    "dataset",
    "tokenizer",
    "protocol",
    "base",
  ],
  testing: ["server", "client", "training", "storage", "dataset", "tokenizer", "protocol", "base"],
  base: [],
};

/** Folders whose types components may name without calling into them. */
const TYPES_FOR_COMPONENTS = ["protocol", "training", "dataset", "doctor"];

/** Folders that know neither React nor Next: they run in workers, in Node and in tests alike. */
const HEADLESS = [
  "workers",
  "storage",
  "tokenizer",
  "training",
  "client",
  "doctor",
  "dataset",
  "server-config",
  "protocol",
  "server",
  "hub",
  "command-runs",
  "cli",
  "base",
];

const element = (type) => ({ element: { type } });

export default tseslint.config(
  {
    ignores: [
      "node_modules/**",
      ".next/**",
      "dist/**",
      "out/**",
      "next-env.d.ts",
      "e2e/.cache/**",
      "test-results/**",
      "playwright-report/**",
    ],
  },
  ...nextPlugin,
  ...tanstackQuery.configs["flat/recommended"],
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true }],
      "max-lines": ["error", { max: 400 }],
      // It warns of what the React Compiler would skip; the studio is built without it.
      "react-hooks/incompatible-library": "off",
    },
  },
  {
    files: ["app/**/*.{ts,tsx}", "components/**/*.{ts,tsx}", "lib/**/*.{ts,tsx}"],
    ignores: ["**/*.test.ts"],
    plugins: { boundaries },
    settings: {
      "import/resolver": { typescript: { alwaysTryTypes: true } },
      "boundaries/elements": [
        { type: "app", pattern: "app" },
        { type: "ui", pattern: "components/ui" },
        { type: "charts", pattern: "components/charts" },
        { type: "problems", pattern: "components/problems" },
        { type: "component", pattern: "components/*", capture: ["feature"] },
        ...Object.keys(LAYERS)
          .filter((layer) => !["app", "ui", "charts", "problems", "component"].includes(layer))
          .map((layer) => ({ type: layer, pattern: `lib/${layer}` })),
      ],
    },
    rules: {
      "boundaries/no-unknown-files": "error",
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          checkAllOrigins: true,
          policies: [
            ...Object.entries(LAYERS).map(([from, to]) => ({
              from: element(from),
              allow: { to: { element: { types: { anyOf: to } } } },
            })),
            {
              from: { element: { types: { anyOf: ["component", "problems"] } } },
              allow: {
                to: { element: { types: { anyOf: TYPES_FOR_COMPONENTS } } },
                dependency: { kind: "type" },
              },
            },
            { allow: { to: { module: { origin: "external" } } } },
            { allow: { to: { module: { origin: "core" } } } },
            ...HEADLESS.map((layer) => ({
              from: element(layer),
              disallow: {
                to: {
                  module: {
                    origin: "external",
                    source: [
                      ...["react", "react-dom", "next", "next/*", "zustand"],
                      // The command line says what is wrong with a row in the words of the screens.
                      ...(layer === "cli" ? [] : ["next-intl"]),
                    ],
                  },
                },
              },
            })),
          ],
        },
      ],
    },
  },
  {
    files: [
      "components/**/*.{ts,tsx}",
      "lib/{base,protocol,client,doctor,dataset,server-config,training,tokenizer,storage,stores,query,workers}/**/*.ts",
    ],
    rules: {
      "no-restricted-imports": [
        "error",
        { name: "zod", message: "Browsers load this file: use zod/mini, a third of the size." },
      ],
    },
  },
  {
    files: ["**/*.test.ts", "e2e/**/*.ts"],
    rules: { "max-lines": "off" },
  },
  {
    // Playwright's fixtures call a function named `use`.
    files: ["e2e/**/*.ts"],
    rules: { "react-hooks/rules-of-hooks": "off" },
  },
);
