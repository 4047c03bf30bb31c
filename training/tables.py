"""Small hand-made tables of what WordNet does not say: irregular forms, frames, prepositions."""


def table(text):
    return [line.split() for line in text.strip().splitlines()]


IRREGULAR_VERBS = {
    base: (past, pp)
    for base, past, pp in (
        entry.split("/")
        for entry in """
    be/was/been become/became/become begin/began/begun bite/bit/bitten blow/blew/blown
    break/broke/broken bring/brought/brought build/built/built buy/bought/bought
    catch/caught/caught choose/chose/chosen come/came/come cost/cost/cost cut/cut/cut
    do/did/done draw/drew/drawn drink/drank/drunk drive/drove/driven eat/ate/eaten
    fall/fell/fallen feed/fed/fed feel/felt/felt fight/fought/fought find/found/found
    fly/flew/flown forget/forgot/forgotten forgive/forgave/forgiven freeze/froze/frozen
    get/got/got give/gave/given go/went/gone grow/grew/grown hang/hung/hung have/had/had
    hear/heard/heard hide/hid/hidden hit/hit/hit hold/held/held hurt/hurt/hurt keep/kept/kept
    know/knew/known lead/led/led leave/left/left lend/lent/lent let/let/let lose/lost/lost
    make/made/made mean/meant/meant meet/met/met pay/paid/paid put/put/put read/read/read
    ride/rode/ridden ring/rang/rung rise/rose/risen run/ran/run say/said/said see/saw/seen
    sell/sold/sold send/sent/sent shake/shook/shaken shine/shone/shone show/showed/shown
    sing/sang/sung sit/sat/sat sleep/slept/slept speak/spoke/spoken spend/spent/spent
    stand/stood/stood steal/stole/stolen sweep/swept/swept swim/swam/swum take/took/taken
    teach/taught/taught tell/told/told think/thought/thought throw/threw/thrown
    understand/understood/understood wake/woke/woken wear/wore/worn win/won/won
    write/wrote/written
    """.split()
    )
}
DOUBLING = set(
    "stop plan drop rob hug rub beg drag grab pat clap chat chop mop admit permit prefer "
    "regret commit refer occur trap wrap slip shop jog nod begin forget cut hit put let get run "
    "win sit swim control step skip trip rip hop knit".split()
)
IRREGULAR_NOUNS = dict(
    e.split("/")
    for e in """child/children man/men woman/women foot/feet tooth/teeth mouse/mice goose/geese
    person/people sheep/sheep fish/fish deer/deer knife/knives wife/wives life/lives leaf/leaves
    shelf/shelves wolf/wolves thief/thieves loaf/loaves half/halves calf/calves scarf/scarves
    potato/potatoes tomato/tomatoes hero/heroes echo/echoes mango/mangoes ox/oxen
    grandchild/grandchildren human/humans german/Germans quiz/quizzes""".split()
)
AN_BUT_CONSONANT = ("hour", "honest", "honour", "honor", "heir")
A_BUT_VOWEL = ("uni", "use", "usu", "euro", "one", "once", "ewe", "uti", "uk")


MEN = "Tom John Peter David Ali Carlos Marco Ben Jack Paul Daniel Ahmed Luis Ivan Kenji Adam Robert Michael James William George Henry Mark Alex Sam Tim Bob Max Leo Oscar Hugo Omar Juan Pedro Martin Simon Andrew Kevin Eric Frank".split()
WOMEN = "Mary Anna Sarah Lucy Maria Emma Julia Laura Nina Sofia Yuki Fatima Elena Kate Jane Alice Linda Susan Helen Rosa Eva Lisa Carla Amy Grace Clara Olivia Sophie Rachel Diana Ingrid Mei Aisha Irene Nora Ella Ruth Monica Paula Victoria".split()
CITIES = "London Paris Madrid Tokyo Berlin Rome Boston Chicago Cairo Lima Delhi Moscow Vienna Dublin Lisbon Prague Oslo Athens Seoul Toronto".split()
COUNTRIES = "Spain France Italy Japan Germany China Brazil Mexico Canada India Egypt Turkey Poland Peru Greece Norway Kenya England Australia Portugal".split()
LANGUAGES = "English Spanish French Italian Japanese German Chinese Arabic Russian Portuguese Turkish Polish".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April June July August September October November December".split()
NUMBERS = "two three 2 four five 3 six 10 seven eight nine ten eleven twelve twenty thirty fifty".split()
SPORTS = "football tennis basketball chess volleyball cricket golf baseball hockey".split()
INSTRUMENTS = "piano guitar violin drums flute trumpet".split()
SUBJECTS = "maths history music chemistry biology physics art geography science".split()
MEALS = "breakfast lunch dinner".split()

# Core nouns, by what can be done with them. All are countable but those under "mass ...".
CORE = {
    "person": """friend teacher student brother sister boy girl man woman child doctor neighbour mother
      father uncle aunt cousin son daughter nurse driver boss lawyer engineer farmer singer actor player
      policeman manager artist writer baker waiter dentist grandmother grandfather parent baby person guest
      visitor customer colleague wife husband tourist pilot soldier scientist secretary worker cook coach
      classmate roommate journalist musician painter dancer partner chef king queen prince leader""",
    "animal": """dog cat bird horse cow sheep pig mouse fish rabbit monkey elephant lion tiger bear duck
      goose snake frog fox wolf goat puppy kitten spider bee butterfly deer hen turtle parrot camel""",
    "food": """apple orange banana egg sandwich potato tomato carrot cake pizza cookie burger lemon pear
      mango onion sausage salad biscuit omelette pie grape cherry strawberry peach steak pancake snack""",
    "thing": """book pen car phone bag box table chair key cup bottle umbrella watch computer camera bicycle
      ball picture letter ticket present toy knife plate lamp clock radio newspaper magazine map card
      pencil notebook dictionary bed desk sofa mirror basket flower guitar bike television laptop blanket
      pillow spoon fork candle coin ring wallet suitcase brush guitar tool machine painting photo envelope
      ladder rope ticket axe oven iron """,
    "readable": """book letter story newspaper magazine novel poem article message report email text
      essay note card book sentence word page song""",
    "clothes": """shirt dress hat coat jacket skirt shoe sock sweater uniform scarf tie suit boot glove
      cap belt T-shirt""",
    "vehicle": """car bus bike truck taxi train van boat motorbike plane ship""",
    "building": """house school hotel church museum hospital library shop bank restaurant office theatre
      factory bridge castle station garage apartment flat market tower stadium cinema village city town""",
    "abstract": """problem question idea plan answer story mistake lesson rule reason decision language
      exercise test exam project job dream secret opinion difference example interview project
      promise habit skill risk lie joke game""",
    "event": """party meeting wedding concert class lesson game match film movie conference festival trip
      holiday ceremony course interview show exam""",
    "body": "hand arm leg foot tooth eye ear finger head knee face nose shoulder",
}
# (mass noun, verbs that go with it)
MASS_VERBS = {
    "bread": "eat buy need want bring cut bake",
    "rice": "eat cook buy need",
    "cheese": "eat buy like bring cut",
    "meat": "eat buy cook",
    "butter": "buy need use",
    "sugar": "need use buy",
    "salt": "need use buy",
    "soup": "eat cook want order",
    "pasta": "eat cook order",
    "water": "drink need want bring",
    "milk": "drink need want buy",
    "coffee": "drink want order make",
    "tea": "drink want order make",
    "juice": "drink want order buy",
    "wine": "drink order buy",
    "money": "need save earn spend lose have",
    "furniture": "buy sell move need",
    "luggage": "carry lose pack have",
    "equipment": "buy use need",
    "homework": "have finish",
    "information": "need find have use collect",
    "advice": "need want have",
    "music": "play hear",
    "work": "have finish",
    "snow": "see have",
    "rain": "have see",
    "time": "have need",
    "fun": "have",
    "help": "need want",
    "food": "buy need cook eat have",
    "chocolate": "eat buy want",
    "knowledge": "have need",
    "experience": "have need",
    "software": "use buy",
    "rubbish": "collect",
    "clothing": "buy sell",
    "jewellery": "buy sell wear",
    "oil": "need use buy",
    "petrol": "need buy",
    "energy": "need use save have",
    "space": "need have",
    "research": "need",
    "progress": "make",
    "ice": "need use",
    "sand": "need use",
}
# Where a mass noun tempts learners to a plural.
MASS_PLURALS = {
    m: m + "s"
    for m in "information advice furniture luggage equipment homework work knowledge software jewellery money bread rice music research".split()
}
MASS_PLURALS["jewellery"] = "jewelleries"

TRANSITIVE = {
    "food": "eat cook taste order prepare serve buy share want bring cut try choose need ",
    "readable": "read write finish translate study lose find buy open send receive print learn understand check copy review remember share",
    "thing": """buy sell find lose break carry hide steal want need bring take use clean fix repair move drop hold keep
      paint wash borrow see choose touch draw pack collect receive replace check open close have make throw push pull
      forget order design describe own show share notice burn destroy examine return examine deliver""",
    "person": """meet help visit call know see invite love follow teach thank trust hate kiss hug watch remember understand
      miss support interview admire forgive ignore greet hire need marry find phone hear answer pay save surprise
      blame respect protect recognize encourage introduce photograph""",
    "animal": "feed see catch watch chase buy draw train have wash find hear want save photograph keep",
    "vehicle": "drive park repair sell buy wash stop rent start see need want take have fix",
    "building": "build visit enter leave paint clean buy sell see design find destroy close open reach",
    "clothes": "wear buy wash iron fold lose choose sell need want have change",
    "abstract": "explain understand solve discuss describe accept ignore mention remember forget have share study prepare tell",
    "event": "watch see attend enjoy organize plan cancel miss leave join prepare film",
    "body": "wash hurt break touch move raise",
}
STATIVE = set(
    "want need know love hate like understand own have belong believe remember forget trust see hear notice prefer mean cost recognize respect admire seem mind".split()
)
# Verbs whose bare object noun is generic, so plural.
GENERIC = "like love hate prefer".split()

INTRANSITIVE = """sleep run walk swim laugh cry dance sing work play study wait travel smile shout jump cook rest talk
  fight sit stand stay live eat read write drive draw paint exercise relax train practise complain jog shop
  ski skate climb""".split()
MOTION = "go walk run come drive travel return move hurry".split()

# verb, its one preposition, the object's class
PREPOSITIONAL = table(
    """
listen to music|radio|song|teacher|story|person
wait for bus|train|taxi|person|answer|letter
depend on person|weather|family
wait for bus|train|person
laugh at joke|person|picture
believe in ghosts|magic|love
apologize for mistake|delay|noise
worry about exam|future|money|person
dream about holiday|future|person
complain about noise|food|weather|boss
pay for ticket|meal|drinks|dinner
agree with person
argue with person
suffer from headaches|stress|asthma
apply for job|visa|scholarship
prepare for exam|test|trip|interview
search for key|wallet|phone|person
smile at person|baby|picture
care about person|nature|animals
knock on door|window
participate in competition|project|race
escape from prison|zoo
play with person|ball|toys
speak to person
stare at picture|screen|person
focus on lesson|work|project
point at map|picture|person
live with person
dance with person
concentrate on work|lesson|problem
"""
)
# verb, its preposition after a direct object
OBJECT_PREPOSITION = table(
    """
thank person for help|present|letter|advice
blame person for accident|mistake|delay
ask person for help|advice|money
protect person from danger|cold|sun
remind person of father|mother|song
congratulate person on success|promotion
spend money on clothes|food|books
invite person to party|wedding|concert|dinner
help person with homework|luggage|project
borrow book|pen|bike from person
translate letter|book|text into LANG
steal money|bike|phone from person
compare picture|answer|price with original|others
"""
)
ADJ_PREP = table(
    """
afraid of spiders|dogs|snakes|mice|storms|ghosts
good at maths|tennis|chess|football|languages|history
bad at maths|tennis|chess|spelling|geography
interested in music|art|history|science|politics|sports|animals|cars
proud of children|son|daughter|work|team|results
tired of noise|rain|traffic|work
famous for beaches|food|wine|museums
married to doctor|teacher|lawyer
full of people|water|books|toys|apples
responsible for project|team|safety
different from others|mine|yours
similar to mine|yours|hers
ready for school|exam|party|trip|dinner
worried about exam|future|money|health
excited about trip|party|holiday|game
fond of children|animals|music|cats
jealous of sister|brother|friends
aware of problem|danger|risk
late for school|work|class|meeting
surprised at news|price|result
keen on sports|music|fishing
bored with job|game|film
capable of anything|murder
allergic to cats|nuts|milk|dust
satisfied with results|service|job
busy with homework|work|project
kind to animals|people|neighbours
rich in vitamins|iron
"""
)
# Prepositions that are right, or not wrong enough, beside the one in the tables above.
ALSO_RIGHT = {
    "speak": "with for of from in on at",
    "care": "for of with",
    "live": "in on at for from",
    "play": "for in on at to of from",
    "dance": "to for in on at from",
    "dream": "of in on at",
    "complain": "to of in on at",
    "argue": "for in on at",
    "agree": "on to in for at",
    "laugh": "with in on for",
    "prepare": "with in on at from",
    "wait": "in on at with",
    "worry": "for in at on",
    "escape": "to in at on with",
    "search": "in on at with to from",
    "smile": "to in on with from for",
    "shout": "to in",
    "listen": "for in on with",
    "pay": "with in on to",
    "apologize": "to in on at with",
    "suffer": "with in on at",
    "apply": "to in at on with",
    "participate": "with for from",
    "good": "with for to from ",
    "bad": "for with to",
    "famous": "in on at with to from",
    "ready": "in on at with",
    "excited": "for in on at with",
    "surprised": "with in on",
    "different": "to in on at for",
    "late": "in on at with from",
    "busy": "in on at for from",
    "worried": "for in on",
    "kind": "of in on at",
    "bored": "in on at from",
    "tired": "in on at with",
    "thank": "in on with to",
    "blame": "on in at to",
    "ask": "in at with to",
    "protect": "for in on at with",
    "invite": "for from of with",
    "help": "for on at from",
    "steal": "for in on at with",
    "compare": "to in on at for from",
    "borrow": "for in on at",
    "translate": "for from at",
    "spend": "at with from",
    "congratulate": "with of",
    "remind": "with in on from",
    "rich": "on for from",
    "capable": "from with on",
}
ALSO_RIGHT = {word: preps.split() for word, preps in ALSO_RIGHT.items()}
GERUND_VERBS = "enjoy finish avoid keep mind practise suggest consider miss deny imagine like love hate".split()
INFINITIVE_VERBS = (
    "want decide hope plan promise agree refuse learn need expect manage offer prepare choose fail pretend".split()
)
OBJECT_INFINITIVE = "want ask tell teach allow expect invite persuade order warn advise encourage force remind".split()
BARE_CAUSATIVE = "make let".split()
ADJ_INFINITIVE = (
    "easy difficult hard important dangerous possible impossible necessary interesting nice boring useful".split()
)
PREP_GERUND = [
    ("good", "at"),
    ("interested", "in"),
    ("tired", "of"),
    ("afraid", "of"),
    ("fond", "of"),
    ("bad", "at"),
    ("excited", "about"),
    ("proud", "of"),
    ("capable", "of"),
    ("bored", "with"),
    ("responsible", "for"),
    ("used", "to"),
]

ADJ = {
    "size": "big small long large tiny huge little short wide",
    # {} is what a thing can be said to be, but not called
    "opinion": "beautiful nice lovely ugly interesting boring expensive cheap wonderful useful strange important terrible {} famous popular perfect comfortable simple special amazing horrible excellent pretty",
    "age": "old new modern ancient young",
    "colour": "red blue green yellow black white brown pink grey orange purple",
    "person": "young old tall happy sad rich poor kind friendly clever lazy honest polite rude quiet strong famous funny brave nervous shy angry careful intelligent busy patient tired hungry beautiful handsome creative lonely strict generous serious successful popular talented elegant",
    "animal": "big small brown black white old young wild fast lazy friendly hungry dangerous beautiful strange tiny huge angry clever ugly noisy",
    "food": "fresh delicious hot cold big small sweet healthy cheap expensive tasty frozen green red sour spicy",
    "abstract": "good bad difficult easy interesting important big small serious strange new old simple common great terrible boring useful long short stupid funny real different similar",
    "clothes": "new old red blue black white green warm expensive cheap dirty clean beautiful ugly long short elegant comfortable",
    "place": "big small old new modern beautiful famous expensive cheap quiet busy clean dirty ugly large noisy dark",
}
SHORT_GRADABLE = "tall short big small old young fast slow cheap rich poor happy sad strong weak clean dirty warm cold hot long easy heavy light kind smart nice quiet busy lazy funny noisy pretty safe large wide deep high low dark bright good bad thin fat hungry healthy early friendly lucky hard brave clever loud angry".split()
LONG_GRADABLE = "beautiful expensive interesting difficult important dangerous comfortable famous popular intelligent careful useful boring polite patient modern generous serious successful creative honest delicious nervous powerful reliable talented elegant exciting".split()
MANNER = "quick slow careful beautiful loud quiet happy sad angry bad good easy polite nervous clear perfect regular patient brave kind honest safe gentle polite serious fluent rude calm proud neat correct ".split()
FREQUENCY = "always usually often sometimes never rarely".split()

LIKE_ED_ING = table(
    """
bored boring
interested interesting
excited exciting
tired tiring
surprised surprising
confused confusing
frightened frightening
disappointed disappointing
embarrassed embarrassing
shocked shocking
"""
)

MISSPELLINGS = {}
for pair in """because/becuase because/becouse friend/freind friends/freinds believe/beleive receive/recieve tomorrow/tommorow
  tomorrow/tomorow beautiful/beautifull beautiful/beatiful which/wich interesting/intresting different/diferent different/diffrent
  always/allways until/untill really/realy government/goverment restaurant/restaurent restaurant/restorant definitely/definately
  tongue/tounge library/libary Wednesday/Wensday February/Febuary business/buisness necessary/neccessary address/adress
  beginning/begining comfortable/confortable children/childrens difficult/dificult dictionary/dictionnary enough/enought
  favourite/favorit foreign/foriegn grammar/grammer happened/happend holiday/hollyday hospital/hospitol important/importent
  information/infomation intelligent/inteligent knowledge/knowlege language/langauge mistake/misstake neighbour/nieghbour
  neighbours/nieghbours people/peple possible/posible present/presant probably/probaly question/qestion school/shool school/scool
  science/sience sentence/sentance special/speciel student/studant students/studants successful/succesful teacher/techer
  their/thier they/thay through/throught together/togheter tonight/tonigth truly/truely usually/usualy usually/ussually
  weather/wether weekend/weekand writing/writting yesterday/yestarday yesterday/yesturday would/whould with/whit
  where/were what/wat when/wen people/poeple should/shoud could/coud before/befor another/anoter very/verry
  morning/mornig evening/evning apartment/appartment computer/computor expensive/expencive famous/famouse
  kitchen/kichen exercise/exercice mother/mather brother/brather money/mony birthday/birhtday picture/pictur
  dangerous/dangerus delicious/delicius happy/hapy happily/happyly house/hause letter/leter lesson/leson
  music/musik problem/probleme responsible/responsable tired/tierd understand/understend""".split():
    right, wrong = pair.split("/")
    if (right, wrong) not in (("where", "were"),):
        MISSPELLINGS.setdefault(right, []).append(wrong)

# WordNet gives them the frame "Somebody ----s something", but they want a preposition or a clause.
NOT_WITH_OBJECT = set(
    """look happen live wait listen wonder refuse tend insist walk talk contribute participate sigh mutter
  depart wander belong fail wish suppose care decide relax spread burst suffer escape argue agree refer concentrate associate
  devote derive consist worry turn stay shout spread intend retire cease explode float stagger plunge render
  assure inform urge enable afford jump   concede proclaim whisper pretend entitle constitute bounce breathe yield remind conceive denote
  precede owe furnish exert happen return relate exceed tend settle operate
  play kill fit reflect finance authorize assert conclude want like hate enjoy finish avoid miss manage
  suggest imagine consider commence walk retire confront engage impose resemble""".split()
)
BLOCKED = set(
    """negro nigger jap reb redcoat yankee bastard slave virgin mistress pussy tit ass whore bitch jew god lord
  christ devil witch drunk idiot fool moron lunatic maniac cripple queer whore harlot rapist murderer killer assassin
  kidnapper bourbon counsel patronne oyabun lunkhead jimdandy papa mama mamma southpaw positivist neutralist
  registrant petitioner skirmisher halfback quack foe sir fellow youth kid babe ghoul freak
  art equipment clothes clothing steps opium goods machinery furniture arms ammunition artillery dice textile silk
  works headquarters quarters furnishings luggage pottery soap cloth fabric slacks trousers pants stairs colors etcetera
  collage watercolor mulch tubing tobacco stereo merchandise loading leftfield canvas surface piece
  block facility shelter product cell anode device landing layer rail mine wire constituent foil commuter slit
  manifold motif additive interchange tape holder recording radar sonar livestock cattle poultry algae bacteria
  beef egg hoof tail feather larva oxen cows buckskin andrena bombus psithyrus bronc whiteface protozoa primates nomia
  thamnophis storeria tropidoclonion clamshell horseback carcass beak snout rump rumen mane cur drug gun rifle
  apparatus underwear pajamas pyjamas jewelry linen wool cotton leather plastic paper hardware software laundry
  lingerie crockery cutlery silverware glassware plumbing flooring heroin cocaine alcohol medicine ammo armor armour
  aircraft series barracks gasworks crossroads nude pornography brothel bordello gallows noose crucifix condom
  negress mulatto squaw savage heathen infidel pagan papist gypsy eskimo oriental jewish gay sexual damned christian catholic protestant islamic hindu naked erotic african soviet russian irish homo dyke fag moll tart slut pimp
  prostitute hooker madam concubine eunuch one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty sixty
  hundred thousand million other such many all same some several last next few another every each any both own little much
  more most less least enough zero dozen half third fourth fifth sixth seventh eighth ninth tenth second first double
  latter former following able sure ready due alone alike alive asleep awake afraid glad sorry unable aware worth else
  certain various given called gone based located pursuant supposed concerned involved likely mere numerous
  nineteenth twentieth eighteenth twelfth billion trillion score non anti extra overall pro daily weekly nazi fascist communist terrorist goddamn hillbilly redneck""".split()
)
