import type { Draw } from "./draw";

const split = (text: string) => text.trim().split(/\s+/);

/** Everyday English words, for tasks on letters. */
export const COMMON_WORDS = split(`
apple banana orange lemon grape melon cherry mango peach berry plum bread butter cheese milk honey sugar salt pepper
coffee donut pickle cookie candy pasta pizza salad soup rice sauce split mixer shop store market jar bottle cup plate
spoon fork knife table chair window door floor wall roof garden flower tree leaf forest river stone mountain valley
beach ocean island desert cloud rain snow storm thunder wind summer winter spring autumn morning evening night light
shadow fire water earth metal silver golden green blue red yellow purple black white brown pink gray happy sad funny
lazy quick brave clever gentle quiet loud bright dark warm cold small large giant tiny little heavy simple strange
tiger lion bear wolf eagle shark whale snake rabbit horse sheep monkey zebra panda turtle frog duck goose chicken
mouse kitten puppy spider dragon unicorn music dance guitar piano violin drum song movie story novel letter paper
pencil book school teacher student lesson friend family brother sister mother father baby doctor nurse farmer baker
driver pilot captain soldier painter writer singer wizard king queen prince castle bridge tower city village street
house room kitchen bathroom bedroom train plane boat car truck bicycle rocket planet moon star galaxy space robot
laser signal matrix vector tensor model neural network gradient machine learning computer keyboard screen mouse
camera phone button coding puzzle number circle square triangle science quantum physics chemistry history language
grammar question answer problem magic secret journey holiday party birthday present jacket shirt pocket button shoe
hat glove scarf blanket pillow mirror candle lamp clock watch hammer ladder bucket basket rubber plastic cotton
wooden paper glass diamond crystal pearl ring crown sword shield arrow hunter sailor pirate treasure map compass
exploration adventure weather climate energy battery engine wheel road tunnel station ticket luggage hotel coffee
dinner lunch breakfast kitchen recipe cooking baking fishing swimming running jumping walking talking singing dreaming
`);

/** Names that people in the conversations introduce themselves with. */
export const ENGLISH_NAMES = split(`
Anna Ben Clara David Emma Frank Grace Henry Iris Jack Kate Leo Mia Noah Olivia Paul Quinn Rosa Sam Tina Uma Victor
Wendy Xavier Yara Zoe Alice Bob Carol Dan Ella Finn Gina Hugo Ivan Julia Kevin Lily Max Nina Oscar Peter Ruth Simon Tom
`);

export const CHINESE_NAMES = split(`
小明 小红 小华 小丽 小刚 小芳 小军 小燕 小林 小雨 小雪 小云 小龙 小虎 王伟 李娜 张敏 刘洋 陈静 杨光 赵雷 周杰 吴迪 徐林 孙悦 马丽 朱红
`);

export const CHINESE_WORDS = split(`
苹果 香蕉 太阳 月亮 星星 大海 高山 小河 春天 夏天 秋天 冬天 早上 晚上 老师 学生 朋友 妈妈 爸爸 学校 电脑 手机 音乐 电影 花园
小猫 小狗 老虎 狮子 大象 熊猫 白云 蓝天 下雨 下雪 火车 飞机 汽车 自行车 书本 铅笔 桌子 椅子 窗户 面包 牛奶 米饭 茶水 咖啡 中国 世界
快乐 安静 聪明 勇敢 模型 数据 训练 学习 机器人 火箭 城市 村庄 森林 沙漠 图画 故事 问题 答案
`);

/** Things people ask about that the model knows nothing of. */
export const ENGLISH_TOPICS = split(`
relativity quantum-computers politics football economics democracy philosophy evolution gravity electricity blockchain
Shakespeare Einstein Napoleon Python JavaScript Linux Google Paris Africa bitcoin taxes cancer vaccines dinosaurs Rome
volcanoes lasers yoga chess opera jazz cricket tennis Mars Jupiter oxygen carbon DNA proteins calculus algebra geometry
`).map((topic) => topic.replace("-", " "));

export const CHINESE_TOPICS = split(`
相对论 量子力学 政治 足球 经济 民主 哲学 进化论 重力 电力 区块链 莎士比亚 爱因斯坦 拿破仑 编程 操作系统 比特币 税收 疫苗 恐龙 罗马 火山
激光 瑜伽 象棋 京剧 爵士乐 篮球 火星 木星 氧气 基因 蛋白质 微积分 代数 几何 唐朝 长城 红楼梦 人工智能 机器学习 天气预报 股票
`);

const ONSETS = split(
  "b c d f g h j k l m n p qu r s t v w x y z br cr dr fl gr pl pr sh sl sp st str tr th ch cl bl gl sk sn sw wh",
);
const VOWELS = split("a e i o u a e i o u ai ea ee oo ou ie ow y");
const CODAS = ["", "", "", ...split("n r s t l m ck nd st ng p sh ch rt ll x b d g")];

/** A word that could be English but mostly is not. */
export function pseudoWord(draw: Draw): string {
  let word = draw.chance(0.15) ? draw.pick(["a", "e", "i", "o", "u"]) : "";
  const syllables = draw.weighted([
    [4, 1],
    [5, 2],
    [2, 3],
  ]);
  for (let i = 0; i < syllables; i++)
    word += draw.pick(ONSETS) + draw.pick(VOWELS) + draw.pick(CODAS);
  return word.slice(0, 11);
}

/** Letters without any pattern: whoever copies these has learnt to copy. */
function randomLetters(draw: Draw): string {
  return Array.from({ length: draw.between(2, 9) }, () =>
    String.fromCharCode(97 + draw.between(0, 25)),
  ).join("");
}

export function anyWord(draw: Draw): string {
  return draw.weighted([
    [45, () => draw.pick(COMMON_WORDS)],
    [40, () => pseudoWord(draw)],
    [15, () => randomLetters(draw)],
  ])();
}

/** One to three words. */
export function anyPhrase(draw: Draw): string {
  const count = draw.weighted([
    [4, 1],
    [5, 2],
    [1, 3],
  ]);
  return Array.from({ length: count }, () => anyWord(draw)).join(" ");
}
