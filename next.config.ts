import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const EMPTY_MODULE = "./lib/tokenizer/empty-module.ts";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Its connections must be Node's own, not bundled once per route.
  serverExternalPackages: ["undici"],
  // Only the tokenizers of transformers.js are used: nothing that computes is bundled.
  turbopack: {
    resolveAlias: {
      "onnxruntime-common": EMPTY_MODULE,
      "onnxruntime-node": EMPTY_MODULE,
      "onnxruntime-web": EMPTY_MODULE,
      "onnxruntime-web/webgpu": EMPTY_MODULE,
      sharp: EMPTY_MODULE,
    },
  },
  headers: () =>
    Promise.resolve([
      {
        source: "/:path*",
        headers: [
          { key: "x-frame-options", value: "DENY" },
          { key: "x-content-type-options", value: "nosniff" },
          { key: "referrer-policy", value: "no-referrer" },
          {
            key: "permissions-policy",
            value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
          },
          { key: "cross-origin-opener-policy", value: "same-origin" },
          { key: "cross-origin-resource-policy", value: "same-origin" },
        ],
      },
    ]),
};

export default createNextIntlPlugin({
  requestConfig: "./lib/config/i18n.ts",
  // Compiled while building, so that no browser loads a parser for them.
  experimental: {
    messages: { path: "./messages", format: "json", locales: "infer", precompile: true },
  },
})(config);
