"""What a row is worth, whether it makes a purchase occasion, and when it is set aside."""

from __future__ import annotations

import pytest

from patron.errors import InputError, UsageError


def test_a_line_is_quantity_times_price_and_a_return_is_negative(read):
    got = read("customer,date,quantity,unit price\nA,2024-01-02,3,2.50\nA,2024-01-03,-1,2.50\nA,2024-01-03,-1,-2.50\n")
    assert got.column("revenue") == [7.5, -2.5, -2.5]
    assert got.column("purchase") == [True, False, False]


@pytest.mark.parametrize(
    ("quantity", "price", "purchase"), [(1, 5, True), (1, 0, False), (1, -5, False), (-1, 5, False), (0, 5, False)]
)
def test_with_a_unit_price_an_occasion_needs_both_above_zero(read, quantity, price, purchase):
    got = read(f"customer,date,quantity,unit price\nA,2024-01-02,{quantity},{price}\n")
    assert got.column("purchase") == [purchase]
    assert got.result.rows_used == 1


def test_with_totals_only_a_free_order_is_an_order_and_a_refund_is_none(read):
    got = read("customer,date,order total\nA,2024-01-02,0\nA,2024-01-03,-5\nA,2024-01-04,5\n")
    assert got.column("purchase") == [True, False, True]
    assert got.column("quantity") == [1, -1, 1]


def test_an_amount_that_is_quantity_times_price_is_the_lines_money(read):
    rows = "".join(f"A,{i},2024-01-02,2,{i}.5,{2 * i + 1}\n" for i in range(1, 30))
    got = read(f"customer,order,date,quantity,unit price,total\n{rows}")
    assert sum(got.column("revenue")) == sum(2 * i + 1 for i in range(1, 30))


def test_an_amount_after_discount_wins_over_quantity_times_price(read):
    got = read("customer,date,quantity,unit price,line total\nA,2024-01-02,2,10,15\nA,2024-01-03,1,10,8\n")
    assert got.column("revenue") == [15, 8]


def test_an_order_total_repeated_on_each_line_counts_once_and_is_told(read):
    got = read(
        "order,customer,date,product,order total\n1,A,2024-01-02,x,30\n1,A,2024-01-02,y,30\n2,B,2024-01-03,x,10\n"
    )
    assert got.column("revenue") == [30, 0, 10]
    assert "counted once" in got.told()


def test_an_amount_of_no_telling_name_counts_once_only_where_all_of_many_orders_repeat_it(read):
    rows = "".join(f"{o},A,2024-01-02,{o * 3}\n" * 2 for o in range(30))
    got = read(f"order,customer,date,amount\n{rows}")
    assert sum(got.column("revenue")) == sum(o * 3 for o in range(30))
    got = read("order,customer,date,amount\n1,A,2024-01-02,5\n1,A,2024-01-02,5\n")
    assert got.column("revenue") == [5, 5]


def test_duplicated_order_ids_with_different_amounts_are_lines(read):
    got = read(
        "order,customer,date,order total\n" + "".join(f"{o},A,2024-01-02,{k}\n" for o in range(5) for k in (1, 2))
    )
    assert sum(got.column("revenue")) == 15


def test_an_order_total_that_cannot_be_read_sets_all_of_its_order_aside(read):
    good = "".join(f"{o},A,2024-01-02,x,{o}\n{o},,,y,\n" for o in range(1, 21))
    bad = "98,B,2024-01-02,x,rubbish\n98,,,y,\n99,C,2024-01-02,x,\n99,,,y,\n"
    got = read(f"order,customer,date,product,order total\n{good}{bad}")
    assert [(r["row"], r["code"]) for r in got.rejected] == [
        ("42", "bad_number"),
        ("43", "no_number"),
        ("44", "no_number"),
        ("45", "no_number"),
    ]
    assert sum(got.column("revenue")) == sum(range(1, 21))


def test_the_lines_of_an_order_in_another_currency_go_with_it(read):
    rows = "".join(f"{o},A,2024-01-02,{o},EUR\n{o},,,,\n" for o in range(1, 21))
    got = read(f"order,customer,date,order total,currency\n{rows}99,Z,2024-01-02,5,USD\n99,,,,\n", currency="EUR")
    assert [r["code"] for r in got.rejected] == ["other_currency"] * 2
    assert set(got.column("customer_id")) == {"A"}


def test_identical_lines_count_and_are_told(read):
    got = read("customer,date,amount\n" + "A,2024-01-02,5\n" * 3)
    assert got.column("revenue") == [5, 5, 5]
    assert "2 rows repeat" in got.told()


def test_a_line_cost_and_a_unit_cost_are_told_apart_by_name(read):
    got = read(
        "customer,date,quantity,unit price,unit cost\nA,2024-01-02,3,2,1.5\nA,2024-01-02,-1,2,1.5\nB,2024-01-02,1,2,\n"
    )
    assert got.column("cost") == [4.5, -1.5, None]
    assert got.result.has_cost
    got = read("customer,date,quantity,unit price,cost\nA,2024-01-02,3,2,4.5\nA,2024-01-02,-1,2,1.5\n")
    assert got.column("cost") == [4.5, -1.5]
    assert not read("customer,date,amount\nA,2024-01-02,5\n").result.has_cost


@pytest.mark.parametrize(
    "status",
    ["Cancelled", "canceled", "refunded", "voided", "wc-cancelled", "已取消", "交易关闭", "等待买家付款", "UNPAID"],
)
def test_orders_that_never_came_about_are_set_aside_with_their_money(read, status):
    got = read(f"customer,date,amount,status\nA,2024-01-02,5,paid\nB,2024-01-02,7,{status}\n")
    assert [(s.reason, s.rows, s.value) for s in got.result.set_aside] == [("cancelled", 1, 7.0)]


def test_partly_refunded_orders_count(read):
    assert read("customer,date,amount,status\nA,2024-01-02,5,partially_refunded\n").result.rows_used == 1


@pytest.mark.parametrize(
    ("code", "words", "item"),
    [
        ("POST", "x", False),
        ("post", "x", False),
        ("AMAZONFEE", "", False),
        ("gift_0001_20", "Voucher", False),
        ("A1", "运费", False),
        ("A1", "运费差价 1元", False),
        ("A1", "Shipping & Handling", False),
        ("A1", "手续费", False),
        ("85123A", "POSTAGE STAMP MUG", True),
        ("A1", "女装 免运费", True),
        ("DOTTY", "Dotty mug", True),
        ("", "", True),
    ],
)
def test_postage_and_fees_count_in_value_but_are_no_items(read, code, words, item):
    got = read(f"customer,date,quantity,unit price,sku,description\nA,2024-01-02,1,2,{code},{words}\n")
    assert got.column("item") == [item]
    assert got.result.value_used == 2


def test_several_currencies_need_a_word_and_others_are_set_aside(read):
    text = "customer,date,amount,currency\nA,2024-01-02,5,eur\nB,2024-01-02,7,USD\nC,2024-01-02,9,\n"
    with pytest.raises(InputError, match="--currency"):
        read(text)
    got = read(text, currency="EUR")
    assert got.column("customer_id") == ["A", "C"]
    assert got.rejected[0]["code"] == "other_currency"
    assert read(text, currency="EUR", rates={"usd": 0.5}).column("revenue") == [5, 3.5, 9]
    with pytest.raises(InputError, match="No row is in CNY"):
        read(text, currency="CNY")


def test_one_currency_is_the_label_and_two_files_must_agree(read):
    one = "customer,date,amount,currency\nA,2024-01-02,5,EUR\n"
    assert read(one).result.currency == "EUR"
    with pytest.raises(InputError, match="earlier one in EUR"):
        read([one, one.replace("EUR", "USD")])


@pytest.mark.parametrize(
    "written",
    ["17850", "00017", "1e5", "=SUM(A1)", "+49 170", "-5", "@ann", "123456789012345678901234567890", "17850.0"],
)
def test_ids_stay_as_written(read, written):
    assert read(f"customer,date,amount\n{written},2024-01-02,5\n").column("customer_id") == [written]


@pytest.mark.parametrize("written", ["", "  ", "NULL", "nan", "N/A", "None", "\u3000"])
def test_rows_without_a_customer_are_set_aside_with_their_money(read, written):
    got = read(f"customer,date,amount\nA,2024-01-02,5\n{written},2024-01-02,7.25\n")
    assert [(s.reason, s.value) for s in got.result.set_aside] == [("no_customer", 7.25)]


def test_several_files_are_one_history_with_fact_ids_of_their_own(read):
    got = read(
        [
            "customer,date,amount\nA,2024-01-02,5\n",
            "customer;date;amount\nB;02.03.2024;7,5\n",
        ]
    )
    assert got.column("revenue") == [5, 7.5]
    assert len(set(got.column("source"))) == 2
    assert got.column("row") == [2, 2]


def test_the_same_file_twice_is_refused(read):
    with pytest.raises(UsageError, match="same data"):
        read(["customer,date,amount\nA,2024-01-02,5\n"] * 2)


def test_one_row_with_more_money_than_all_others_is_told(read):
    assert (
        "Row 12 alone holds 1,000,000,000,000.00"
        in read("customer,date,amount\n" + "A,2024-01-02,5\n" * 10 + "B,2024-01-02,1e12\n").told()
    )


def test_a_file_of_guests_among_others_is_no_error(read):
    got = read(["customer,date,amount\nA,2024-01-02,5\n", "customer,date,amount\n,2024-01-02,6\n"])
    assert got.result.rows_used == 1


def test_rejected_rows_are_excel_safe_and_in_the_chosen_language(read):
    got = read('customer,date,amount\nA,2024-01-02,5\nB,=cmd|calc,6\n"",2024-01-02,6\n', lang="zh")
    assert [r["cell"] for r in got.rejected] == ["'=cmd|calc", ""]
    assert [r["reason"] for r in got.rejected] == ["不是日期", "没有客户"]
    assert got.result.rejected.read_bytes().startswith(b"\xef\xbb\xbffile,row,column,code,reason,cell\r\n")


def test_what_was_taken_for_what_is_told_in_both_languages(read):
    got = read("customer,date,amount\nA,2024-01-02,5\n")
    assert "customer = customer, date = date, amount = amount" in got.told()
    assert "列对应" in got.told("zh")
    assert got.result.mapping == {"customer": "customer", "date": "date", "amount": "amount"}


def test_the_input_hash_changes_with_the_data_only(read):
    one = "customer,date,amount\nA,2024-01-02,5\n"
    assert read(one, name="a.csv").result.input_hash == read(one, name="b.csv").result.input_hash
    assert read(one).result.input_hash != read(one + "B,2024-01-02,5\n").result.input_hash
