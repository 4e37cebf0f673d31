import { useEffect, useRef } from "react";

const NEAR_END_PX = 80;

/** Keeps a scrolled box at its end while it grows, unless the reader scrolled up. */
export function useStickToEnd<Box extends HTMLElement>() {
  const box = useRef<Box>(null);
  useEffect(() => {
    const element = box.current;
    const content = element?.firstElementChild;
    if (!element || !content) return;
    let isAtEnd = true;
    const toEnd = () => {
      if (isAtEnd) element.scrollTop = element.scrollHeight;
    };
    const onScroll = () => {
      isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    const observer = new ResizeObserver(toEnd);
    observer.observe(content);
    element.addEventListener("scroll", onScroll, { passive: true });
    toEnd();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, []);
  return box;
}
