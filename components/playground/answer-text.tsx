import Markdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import type { PlaygroundMode } from "@/lib/storage/conversation";

const MARKDOWN =
  "[overflow-wrap:anywhere] [&>*+*]:mt-2.5 [&_a]:text-accent-text [&_a]:underline [&_ul]:list-disc [&_ol]:list-decimal [&_:is(ul,ol)]:pl-5 [&_:is(h1,h2,h3,h4)]:font-semibold [&_code]:rounded-[3px] [&_code]:bg-sunken [&_code]:px-1 [&_code]:font-mono [&_code]:text-mono [&_pre]:overflow-x-auto [&_pre]:rounded-control [&_pre]:bg-sunken [&_pre]:p-2.5 [&_pre>code]:p-0 [&_blockquote]:border-l-2 [&_blockquote]:border-line-strong [&_blockquote]:pl-3 [&_blockquote]:text-muted [&_table]:block [&_table]:overflow-x-auto [&_:is(td,th)]:border [&_:is(td,th)]:border-line [&_:is(td,th)]:px-2";

/** Markdown of a chat without pictures and with web links only; plain text as it is. */
export function AnswerText({ text, mode }: { text: string; mode: PlaygroundMode }) {
  if (mode === "text")
    return <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">{text}</p>;
  return (
    <div className={MARKDOWN}>
      <Markdown
        rehypePlugins={[rehypeSanitize]}
        disallowedElements={["img"]}
        urlTransform={(url) => (/^https?:\/\//i.test(url) ? url : null)}
        components={{
          a: ({ href, children }) =>
            href ? (
              <a href={href} target="_blank" rel="noreferrer nofollow">
                {children}
              </a>
            ) : (
              <span>{children}</span>
            ),
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}
