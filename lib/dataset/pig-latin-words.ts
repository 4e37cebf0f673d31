const split = (words: string) => words.trim().split(/\s+/);

/** Words that the sample never shows: whether a model has learnt the rule is tried on these. */
export const PIG_LATIN_HELD_OUT = split(`
wombat harpoon velvet teacup lantern walnut meadow cactus sparrow gadget turbine helmet biscuit marble puddle tractor
volcano feather sandal kettle wagon zipper dolphin hamster pumpkin napkin trumpet saddle thimble vacuum penguin hedge
fabric bracelet mustard copper lobster garlic parrot domino
`);

/** Words of the sample: they all begin with a consonant, so that one rule covers every one of them. */
export const PIG_LATIN_WORDS = split(`
banana split quantum physics donut shop pickle jar rubber duck coding wizard space rocket paper plane coffee bean
bread butter cheese milk honey sugar salt pepper lemon grape melon cherry mango peach berry plum tomato carrot potato
cookie candy pasta pizza salad soup rice sauce mixer store market bottle cup plate spoon fork knife table chair window
door floor wall roof garden flower tree leaf forest river stone mountain valley beach desert cloud rain snow storm
thunder wind summer winter spring morning night light shadow fire water metal silver golden green blue red yellow
purple black white brown pink gray happy sad funny lazy quick brave clever gentle quiet loud bright dark warm cold
small large giant tiny little heavy simple strange tiger lion bear wolf shark whale snake rabbit horse sheep monkey
zebra panda turtle frog goose chicken mouse kitten puppy spider dragon music dance guitar piano violin drum song movie
story novel letter pencil book school teacher student lesson friend family brother sister mother father baby doctor
nurse farmer baker driver pilot captain soldier painter writer singer king queen prince castle bridge tower city
village street house room kitchen bathroom bedroom train boat car truck bicycle planet moon star galaxy robot laser
signal matrix vector tensor model network gradient machine learning computer keyboard screen camera phone button
puzzle number circle square triangle science chemistry history language grammar question problem magic secret journey
holiday party birthday present jacket shirt pocket shoe hat glove scarf blanket pillow mirror candle lamp clock watch
hammer ladder bucket basket plastic cotton wooden glass diamond crystal pearl ring crown sword shield hunter sailor
pirate treasure map compass weather climate battery wheel road tunnel station ticket luggage hotel dinner lunch
breakfast recipe cooking baking fishing swimming running jumping walking talking singing dreaming monster mermaid
wagging jungle cabin camel canyon carpet cartoon cattle cellar cobweb comet coral cousin cricket curtain daisy dancer
deer denim dentist desk dinosaur donkey dress dust falcon fence ferry fiddle finger flag flute fossil fountain fox
fridge galley garage gate ghost giraffe goat gorilla gravel guest gym harbor harvest hawk hill hippo hobby jelly jewel
kayak kingdom kite koala ladybug lake laundry lemonade lizard llama lobby lotus magnet maple mask mattress medal
mint mole moose moss motor muffin mushroom necklace needle nest noodle notebook nugget paddle palace parade peanut
pebble perfume pigeon pine plumber poet pond poster pudding puppet quarter quill quilt radish raven ribbon riddle robin
`);
