"""What is said between a shop and its customers, by occasion, in both languages.

WRITTEN is what stands in a message, CALLED what was noted of a call.

Blanks: {name} who is addressed, {product} what it is about, {order} its number, {shop} the shop.
"""

from __future__ import annotations

from patron.words import Text

SUBJECTS = {
    "stock": Text("Is it in stock?", "有现货吗？"),
    "quote": Text("Price for a larger quantity", "大批量报价"),
    "delivery": Text("Where is my order {order}?", "订单 {order} 到哪里了？"),
    "invoice": Text("VAT invoice for {order}", "订单 {order} 的增值税发票"),
    "thanks": Text("Thank you", "谢谢"),
    "thanks_back": Text("Thank you for your order", "感谢您的订单"),
    "complaint": Text("Problem with order {order}", "订单 {order} 有问题"),
    "answer": Text("Re: Problem with order {order}", "回复：订单 {order} 有问题"),
    "check_in": Text("It has been a while", "好久不见"),
    "season": Text("Season's greetings", "节日问候"),
    "enquiry": Text("Enquiry", "咨询"),
}

WRITTEN: dict[str, tuple[Text, ...]] = {
    "stock": (
        Text(
            "Hello, could you send “{product}” by next week? I need it for a party.",
            "您好，“{product}”下周能到货吗？聚会要用。",
        ),
        Text("Do you have “{product}” in another colour?", "“{product}”还有别的颜色吗？"),
        Text("Is “{product}” in stock? I need four.", "“{product}”有现货吗？想要四个。"),
    ),
    "quote": (
        Text(
            "We would like 200 of “{product}”. What price can you offer, and how soon?",
            "我们想订 200 件“{product}”，请问最低报价和交期？",
        ),
        Text(
            "Is there a trade price for “{product}” if we order every month?",
            "如果每月固定采购“{product}”，有批发价吗？",
        ),
    ),
    "delivery": (
        Text("Order {order} has not arrived yet. Has it left?", "订单 {order} 还没收到，请问发货了吗？"),
        Text(
            "The box of {order} came today, but I was out. Can it be left next door?",
            "订单 {order} 今天送到，可我不在家，能放邻居那里吗？",
        ),
    ),
    "invoice": (
        Text("Please send the VAT invoice for {order} to our accounts.", "请把订单 {order} 的发票寄到我们财务。"),
        Text("Our purchase number is missing on invoice {order}.", "发票 {order} 上漏了我们的采购单号。"),
    ),
    "thanks": (
        Text(
            "Everything arrived safely, and “{product}” is even prettier than in the picture. Thank you.",
            "东西都完好收到，“{product}”比图片还好看，谢谢！",
        ),
        Text(
            "“{product}” sold out in our shop within a week. We will be back.",
            "“{product}”在我们店里一周就卖完了，会再来订货。",
        ),
        Text("Quick delivery, careful wrapping. A pleasure.", "发货快，包装细心，很满意。"),
    ),
    "thanks_back": (
        Text(
            "Dear {name}, thank you for order {order}. If anything is not as it should be, write to me directly.",
            "{name}，您好！感谢您的订单 {order}。如有任何不妥，请直接联系我。",
        ),
        Text(
            "Dear {name}, your order was one of our largest this month. We have packed it by hand.",
            "{name}，您好！您的订单是本月最大的订单之一，我们已逐件手工包装。",
        ),
    ),
    "complaint": (
        Text(
            "“{product}” arrived broken. I am sending it back and would like my money returned.",
            "“{product}”收到时已经碎了，我要退货退款。",
        ),
        Text(
            "“{product}” is not what I ordered, and I had to ask twice before anybody answered.",
            "发来的“{product}”不是我订的，问了两次才有人回复。",
        ),
        Text(
            "The colour of “{product}” is nothing like the picture. Please take it back.",
            "“{product}”颜色和图片差太多，请安排退货。",
        ),
        Text("Half of “{product}” was missing from the box.", "箱子里“{product}”少了一半。"),
    ),
    "answer": (
        Text(
            "Dear {name}, I am sorry. The return of “{product}” is booked; the money will be with you in three days.",
            "{name}，非常抱歉。“{product}”的退货已登记，款项三天内退回。",
        ),
    ),
    "check_in": (
        Text(
            "Dear {name}, we have not heard from you for a while. The new season's catalogue is on its way to you.",
            "{name}，好久没有您的消息了。新一季目录已经寄给您。",
        ),
        Text(
            "Dear {name}, is there anything we could do better? One line back would help us.",
            "{name}，您觉得我们哪里还能做得更好？回一句话就是帮了大忙。",
        ),
    ),
    "season": (
        Text(
            "Dear {name}, a happy Christmas from all of us at {shop}.",
            "{name}，{shop}全体同事祝您新年快乐，万事如意。",
        ),
        Text("Dear {name}, with every good wish for the new year.", "{name}，感谢您一年来的支持，祝新年大吉。"),
    ),
    "enquiry": (
        Text(
            "We are opening a shop in the spring and are looking for a supplier. Could you send your catalogue?",
            "我们开春要开一家新店，正在找供货商，能寄一份目录吗？",
        ),
        Text("Do you deliver abroad, and is there a smallest order?", "请问可以寄到国外吗？有起订量吗？"),
        Text(
            "I saw your stand at the fair. Who may I talk to about wedding favours?",
            "在展会上看到你们，婚礼伴手礼找谁谈？",
        ),
    ),
}

CALLED: dict[str, tuple[Text, ...]] = {
    "stock": (Text("Asked whether “{product}” is in stock; it is.", "来电询问“{product}”是否有货，已答复有货。"),),
    "quote": (
        Text("Wants a price for a pallet of “{product}”; quote promised.", "想要“{product}”整托报价，答应稍后发去。"),
    ),
    "delivery": (
        Text("Asked where {order} is; tracking number sent by text.", "询问订单 {order} 的物流，已短信发送运单号。"),
    ),
    "invoice": (Text("Needs invoice {order} once more; sent.", "需要补发订单 {order} 的发票，已发。"),),
    "thanks": (
        Text("Rang only to say thank you. “{product}” is a great success.", "专程来电道谢，“{product}”卖得很好。"),
    ),
    "thanks_back": (Text("Rang to thank for order {order}; very pleased.", "致电感谢订单 {order}，客户很高兴。"),),
    "complaint": (
        Text("Angry: “{product}” came broken for the second time.", "客户很生气：“{product}”第二次收到破损。"),
        Text("“{product}” is faulty; wants the money back, not a new one.", "“{product}”有瑕疵，要求退款，不换货。"),
    ),
    "answer": (
        Text(
            "Rang to apologise; refund agreed, and a voucher for the next order.",
            "已致电道歉，同意退款，并赠送下次可用的优惠券。",
        ),
    ),
    "check_in": (
        Text("Rang to ask how things are; nobody answered.", "致电回访，无人接听。"),
        Text("Rang; business is quiet, will think about it next month.", "致电回访，对方说最近生意淡，下个月再考虑。"),
        Text("Rang; they buy elsewhere now because of the price.", "致电回访，因价格原因已改从别家进货。"),
    ),
    "season": (Text("Rang with season's greetings.", "致电送上新年祝福。"),),
    "enquiry": (
        Text("Asked for the catalogue and the smallest order.", "来电索取目录，询问起订量。"),
        Text(
            "Plans a wedding for 120 and wants favours; call back in spring.",
            "筹备 120 人婚礼，想订伴手礼，开春再联系。",
        ),
    ),
}

FEEDBACK: dict[str, tuple[Text, ...]] = {
    "bad": (
        Text("Broken on arrival, and a long wait for an answer.", "到货就坏了，等回复等了很久。"),
        Text("The return took three weeks.", "退货花了三个星期。"),
        Text("Not like the picture. I will look elsewhere.", "与图片不符，以后去别家看看。"),
    ),
    "middling": (
        Text("Good things, but delivery is slow.", "东西不错，就是发货慢。"),
        Text("Fine. Too much packaging.", "还可以，包装太多了。"),
        Text("All right; some items are always out of stock.", "还行，有几样总是缺货。"),
    ),
    "good": (
        Text("Lovely things, quick and careful. I tell everybody.", "东西漂亮，发货快又细心，逢人就推荐。"),
        Text("My customers ask for your candles by name.", "我的顾客点名要你们的蜡烛。"),
        Text("Always a friendly voice on the phone.", "每次打电话都很亲切。"),
    ),
}

NOTES: tuple[Text, ...] = (
    Text("Prefers to be rung after four.", "下午四点以后打电话最方便。"),
    Text("Orders for the Christmas window in September already.", "九月就开始为圣诞橱窗备货。"),
    Text("Wants everything in one box, however long it takes.", "希望合并成一箱发货，晚点没关系。"),
    Text("New shop manager since the summer; introduce ourselves.", "夏天换了新店长，要去认识一下。"),
    Text("Pays late, but always pays.", "付款偏晚，但从不赖账。"),
    Text("Collects the red retrospot range.", "在收集红色波点系列。"),
    Text("Asked for no plastic in the packaging.", "要求包装不用塑料。"),
    Text("Met at the spring fair; loves paper lanterns.", "春季展会上认识，喜欢纸灯笼。"),
    Text("Writes Chinese and English; contracts in English.", "中英文都可以，合同用英文。"),
    Text("Has a second shop under another name.", "还有一家别的店名的分店。"),
)
