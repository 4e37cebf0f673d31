import type { Draw } from "./draw";
import type { Exchange } from "./word-tasks";

const COLOURS: readonly (readonly [string, string, string, string])[] = [
  ["the sky", "blue", "天空", "蓝色"],
  ["grass", "green", "草", "绿色"],
  ["snow", "white", "雪", "白色"],
  ["milk", "white", "牛奶", "白色"],
  ["a banana", "yellow", "香蕉", "黄色"],
  ["the sun", "yellow", "太阳", "黄色"],
  ["a lemon", "yellow", "柠檬", "黄色"],
  ["blood", "red", "血", "红色"],
  ["a tomato", "red", "番茄", "红色"],
  ["a rose", "red", "玫瑰", "红色"],
  ["an apple", "red", "苹果", "红色"],
  ["fire", "red", "火", "红色"],
  ["coal", "black", "煤", "黑色"],
  ["the night", "black", "黑夜", "黑色"],
  ["chocolate", "brown", "巧克力", "棕色"],
  ["a leaf", "green", "树叶", "绿色"],
  ["a frog", "green", "青蛙", "绿色"],
  ["the sea", "blue", "大海", "蓝色"],
  ["a cloud", "white", "云", "白色"],
  ["an orange", "orange", "橙子", "橙色"],
  ["a grape", "purple", "葡萄", "紫色"],
  ["gold", "yellow", "金子", "金色"],
];

const OPPOSITES: readonly (readonly [string, string])[] = [
  ["hot", "cold"],
  ["big", "small"],
  ["up", "down"],
  ["fast", "slow"],
  ["day", "night"],
  ["happy", "sad"],
  ["good", "bad"],
  ["new", "old"],
  ["open", "closed"],
  ["left", "right"],
  ["light", "dark"],
  ["long", "short"],
  ["high", "low"],
  ["full", "empty"],
  ["wet", "dry"],
  ["hard", "soft"],
  ["rich", "poor"],
  ["early", "late"],
  ["yes", "no"],
  ["in", "out"],
  ["loud", "quiet"],
  ["strong", "weak"],
  ["true", "false"],
  ["black", "white"],
];

const CHINESE_OPPOSITES: readonly (readonly [string, string])[] = [
  ["大", "小"],
  ["上", "下"],
  ["左", "右"],
  ["高", "低"],
  ["长", "短"],
  ["快", "慢"],
  ["冷", "热"],
  ["新", "旧"],
  ["好", "坏"],
  ["多", "少"],
  ["黑", "白"],
  ["开", "关"],
  ["远", "近"],
  ["早", "晚"],
  ["胖", "瘦"],
  ["轻", "重"],
];

const TRANSLATIONS: readonly (readonly [string, string])[] = [
  ["hello", "你好"],
  ["thank you", "谢谢"],
  ["goodbye", "再见"],
  ["cat", "猫"],
  ["dog", "狗"],
  ["water", "水"],
  ["apple", "苹果"],
  ["friend", "朋友"],
  ["sun", "太阳"],
  ["moon", "月亮"],
  ["book", "书"],
  ["tree", "树"],
  ["red", "红色"],
  ["blue", "蓝色"],
  ["good", "好"],
  ["one", "一"],
  ["two", "二"],
  ["three", "三"],
  ["teacher", "老师"],
  ["school", "学校"],
  ["home", "家"],
  ["love", "爱"],
  ["China", "中国"],
  ["fish", "鱼"],
  ["bird", "鸟"],
];

const SOUNDS: readonly (readonly [string, string, string, string])[] = [
  ["cat", "meow", "猫", "喵喵"],
  ["dog", "woof", "狗", "汪汪"],
  ["cow", "moo", "牛", "哞哞"],
  ["sheep", "baa", "羊", "咩咩"],
  ["duck", "quack", "鸭子", "嘎嘎"],
  ["pig", "oink", "猪", "哼哼"],
  ["bird", "tweet", "小鸟", "叽叽"],
];

const CAPITALS: readonly (readonly [string, string, string, string])[] = [
  ["France", "Paris", "法国", "巴黎"],
  ["China", "Beijing", "中国", "北京"],
  ["Japan", "Tokyo", "日本", "东京"],
  ["Italy", "Rome", "意大利", "罗马"],
  ["Spain", "Madrid", "西班牙", "马德里"],
  ["England", "London", "英国", "伦敦"],
  ["Germany", "Berlin", "德国", "柏林"],
  ["Russia", "Moscow", "俄罗斯", "莫斯科"],
  ["Egypt", "Cairo", "埃及", "开罗"],
];

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const CHINESE_DAYS = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Small sums, in digits. */
function sum(draw: Draw): { a: number; b: number; sign: "+" | "-"; result: number } {
  const a = draw.between(0, 10);
  const b = draw.between(0, 10);
  if (draw.chance(0.6)) return { a, b, sign: "+", result: a + b };
  return a >= b ? { a, b, sign: "-", result: a - b } : { a: b, b: a, sign: "-", result: b - a };
}

function englishSum(draw: Draw): Exchange {
  const { a, b, sign, result } = sum(draw);
  const word = sign === "+" ? "plus" : "minus";
  const ask = draw.pick([
    `What is ${a} ${word} ${b}?`,
    `What is ${a} ${sign} ${b}?`,
    `${a} ${sign} ${b} = ?`,
    `${a}${sign}${b}=`,
    `Calculate ${a} ${sign} ${b}.`,
  ]);
  return {
    ask,
    answer: ask.includes(word)
      ? `${a} ${word} ${b} is ${result}.`
      : `${a} ${sign} ${b} = ${result}`,
  };
}

function chineseSum(draw: Draw): Exchange {
  const { a, b, sign, result } = sum(draw);
  const word = sign === "+" ? "加" : "减";
  const ask = draw.pick([
    `${a}${word}${b}等于多少？`,
    `${a}${word}${b}等于几？`,
    `${a} ${sign} ${b} 等于多少？`,
    `请计算${a}${sign}${b}`,
  ]);
  return {
    ask,
    answer: ask.includes(word) ? `${a}${word}${b}等于${result}。` : `${a} ${sign} ${b} = ${result}`,
  };
}

/** A question about the world with a short answer. */
export function englishFact(draw: Draw): Exchange {
  const [thing, colour] = draw.pick(COLOURS);
  const [word, opposite] = draw.chance(0.5)
    ? draw.pick(OPPOSITES)
    : ([...draw.pick(OPPOSITES)].reverse() as [string, string]);
  const [english, chinese] = draw.pick(TRANSLATIONS);
  const [animal, sound] = draw.pick(SOUNDS);
  const [country, city] = draw.pick(CAPITALS);
  const day = draw.between(0, 6);
  const number = draw.between(0, 20);
  return draw.weighted<() => Exchange>([
    [14, () => englishSum(draw)],
    [
      4,
      () => ({
        ask: draw.pick([
          `What color is ${thing}?`,
          `What colour is ${thing}?`,
          `Which color is ${thing}?`,
          `Tell me the color of ${thing}.`,
        ]),
        answer: `${sentence(thing)} is ${colour}.`,
      }),
    ],
    [
      3,
      () => ({
        ask: draw.pick([
          `What is the opposite of ${word}?`,
          `Opposite of ${word}?`,
          `Give me the opposite of ${word}.`,
        ]),
        answer: `The opposite of ${word} is ${opposite}.`,
      }),
    ],
    [
      2,
      () => ({
        ask: draw.pick([
          `How do you say ${english} in Chinese?`,
          `Translate to Chinese: ${english}`,
          `What is ${english} in Chinese?`,
        ]),
        answer: `${chinese}`,
      }),
    ],
    [
      1,
      () => ({
        ask: draw.pick([`What does a ${animal} say?`, `What sound does a ${animal} make?`]),
        answer: `A ${animal} says ${sound}.`,
      }),
    ],
    [
      2,
      () => ({
        ask: draw.pick([`What is the capital of ${country}?`, `Capital of ${country}?`]),
        answer: `The capital of ${country} is ${city}.`,
      }),
    ],
    [
      1,
      () => ({
        ask: `What day comes after ${DAYS[day]}?`,
        answer: `After ${DAYS[day]} comes ${DAYS[(day + 1) % 7]}.`,
      }),
    ],
    [
      1,
      () => ({
        ask: `What number comes after ${number}?`,
        answer: `After ${number} comes ${number + 1}.`,
      }),
    ],
    [
      1,
      () => ({
        ask: draw.pick(["Count to five.", "Count to 5.", "Can you count to five?"]),
        answer: "1, 2, 3, 4, 5.",
      }),
    ],
    [1, () => ({ ask: "How many days are in a week?", answer: "There are seven days in a week." })],
  ])();
}

/** Like {@link englishFact}, in Chinese. */
export function chineseFact(draw: Draw): Exchange {
  const [, , thing, colour] = draw.pick(COLOURS);
  const [word, opposite] = draw.chance(0.5)
    ? draw.pick(CHINESE_OPPOSITES)
    : ([...draw.pick(CHINESE_OPPOSITES)].reverse() as [string, string]);
  const [english, chinese] = draw.pick(TRANSLATIONS);
  const [, , animal, sound] = draw.pick(SOUNDS);
  const [, , country, city] = draw.pick(CAPITALS);
  const day = draw.between(0, 6);
  const number = draw.between(0, 20);
  return draw.weighted<() => Exchange>([
    [14, () => chineseSum(draw)],
    [
      4,
      () => ({
        ask: draw.pick([
          `${thing}是什么颜色的？`,
          `${thing}是什么颜色？`,
          `请问${thing}是什么颜色的？`,
        ]),
        answer: `${thing}是${colour}的。`,
      }),
    ],
    [
      3,
      () => ({
        ask: draw.pick([`${word}的反义词是什么？`, `“${word}”的反义词是什么？`]),
        answer: `${word}的反义词是${opposite}。`,
      }),
    ],
    [
      2,
      () => ({
        ask: draw.pick([
          `${chinese}用英语怎么说？`,
          `“${chinese}”的英文是什么？`,
          `翻译成英文：${chinese}`,
        ]),
        answer: english,
      }),
    ],
    [
      1,
      () => ({
        ask: draw.pick([`${animal}怎么叫？`, `${animal}是怎么叫的？`]),
        answer: `${animal}${sound}叫。`,
      }),
    ],
    [
      2,
      () => ({
        ask: draw.pick([`${country}的首都是哪里？`, `${country}的首都是什么？`]),
        answer: `${country}的首都是${city}。`,
      }),
    ],
    [
      1,
      () => ({
        ask: `${CHINESE_DAYS[day]}的后一天是星期几？`,
        answer: `${CHINESE_DAYS[day]}的后一天是${CHINESE_DAYS[(day + 1) % 7]}。`,
      }),
    ],
    [1, () => ({ ask: `${number}后面的数字是多少？`, answer: `${number}后面是${number + 1}。` })],
    [1, () => ({ ask: draw.pick(["从一数到五。", "请数到五。"]), answer: "一，二，三，四，五。" })],
    [1, () => ({ ask: "一个星期有几天？", answer: "一个星期有七天。" })],
  ])();
}
