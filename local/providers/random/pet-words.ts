/** Words for pet names; short lists of our own, the real provider's are longer. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const ADVERBS = words(`
  badly barely boldly briefly calmly daily deeply early easily evenly fairly finely firmly freely gladly gently
  greatly highly hugely jointly kindly lately lightly loosely loudly mainly mildly nearly neatly newly nicely openly
  plainly quickly rapidly rarely readily really safely slowly smoothly softly solely steadily strongly surely
  swiftly tightly truly vastly vividly warmly widely wildly wisely`);

export const ADJECTIVES = words(`
  able active agile alert ample apt bold brave bright brisk calm candid capable careful central civil clean clear
  clever close cosmic crisp curious daring decent deep eager easy epic exact fair fast fine firm fit fleet fond frank
  free fresh full gentle glad good grand great happy hardy honest humble ideal keen kind large lively logical loyal
  lucid major meet merry modest neat noble normal open patient polite prime proud quick quiet rare ready regular
  relaxed robust sharp simple sincere smart smooth solid sound steady strong sunny super sure swift tidy tough true
  useful valid vital vivid warm welcome whole willing wise witty`);

export const ANIMALS = words(`
  adder alpaca ant antelope badger bass bat bear beaver bee bison boa boar bobcat buck buffalo bull camel cat cheetah
  chicken cicada clam cobra cod colt condor coral cow coyote crab crane crow deer dingo dog dolphin donkey dove dragon
  duck eagle eel egret elk emu falcon ferret finch fish fly fowl fox frog gecko gnat goat goose gopher grouse gull hare
  hawk hen heron hippo hornet horse hound ibex impala insect jackal jaguar kite kiwi koala koi lamb lark lemur leopard
  lion lizard llama lobster lynx magpie mako mantis marlin marmot martin mink mole monkey moose moth mouse mule newt
  octopus orca osprey otter owl ox oyster panda parrot penguin perch pig pigeon pika pony poodle puma python quail
  rabbit raccoon ram raptor rat raven ray robin salmon seal shark sheep shrew shrimp skink sloth snail snipe spider
  sponge squid stag stork swan tapir tiger toad trout tuna turkey turtle viper vulture walrus wasp weasel whale wolf
  wombat worm wren yak zebra`);
