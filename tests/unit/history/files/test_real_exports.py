"""Headers and quirks of real exports, read without a word from the user."""

from __future__ import annotations

from datetime import datetime

import pytest

SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
)
SHOPIFY_ROWS = """\
#1001,ann@x.org,paid,2024-01-05 10:00:00 +0100,EUR,30.00,5.00,35.00,2024-01-05 09:59:00 +0100,1,Cup,10.00,C
#1001,ann@x.org,,,,,,,,2,Plate,10.00,PLT
#1002,bob@x.org,refunded,2024-01-06 10:00:00 +0100,EUR,20.00,5.00,25.00,2024-01-06 09:59:00 +0100,2,Cup,10.00,CUP
#1002,bob@x.org,,,,,,,,1,Spoon,3.00,SPN
#1003,ann@x.org,paid,2024-02-05 10:00:00 +0100,EUR,10.00,0.00,10.00,2024-02-05 09:59:00 +0100,1,Cup,10.00,C
"""


def test_a_shopify_export_counts_each_order_total_once_and_sets_refunded_orders_aside_whole(read):
    got = read(SHOPIFY_HEADER + SHOPIFY_ROWS)
    assert got.column("customer_id") == ["ann@x.org"] * 3
    assert got.column("order_id") == ["#1001", "#1001", "#1003"]
    assert got.column("revenue") == [35.0, 0.0, 10.0]
    assert got.column("happened_at")[:2] == [datetime(2024, 1, 5, 9, 59)] * 2
    assert [(r["row"], r["code"]) for r in got.rejected] == [("4", "cancelled"), ("5", "cancelled")]
    assert got.result.currency == "EUR"
    assert "total of an order" in got.told()


def test_a_taobao_export_is_read_by_its_chinese_names(read):
    text = (
        "订单编号,买家会员名,买家支付宝账号,买家实际支付金额,订单状态,订单创建时间,订单付款时间,宝贝标题,宝贝总数量\n"
        '="3001234567890123456",小明,ming@x.cn,128.00,交易成功,2024/3/5 12:30:00,2024/3/5 12:31:00,茶杯,2\n'
        '="3001234567890123457",小红,hong@x.cn,0.00,交易关闭,2024/3/6 12:30:00,,茶壶,1\n'
    )
    got = read(text.encode("gb18030"))
    assert got.column("customer_id") == ["小明"]
    assert got.column("order_id") == ["3001234567890123456"]
    assert got.column("product") == ["茶杯"]
    assert got.rejected[0]["cell"] == "交易关闭"
    assert "GB18030" in got.told()
    assert "编码" in got.told("zh")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("order_id,customer_id,order_date,amount", "7,00017,2024-03-05,12.50"),
        (
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            "7,A,Cup,5,2024-03-05,2.50,00017,UK",
        ),
        (
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
            "7,A,Cup,5,2024-03-05,2.50,00017,UK",
        ),
        (
            "Order Number,Order Status,Order Date,Customer User ID,Order Total Amount",
            "7,wc-completed,2024-03-05,00017,12.50",
        ),
        (
            "order_id,customer_id,customer_unique_id,order_status,order_purchase_timestamp,payment_value",
            "7,zzz,00017,delivered,2024-03-05,12.50",
        ),
        ("订单号,下单账号,下单时间,商品名称,订单实付金额,订单状态", "7,00017,2024-03-05,杯子,12.50,已完成"),
        ("订单号,会员卡号,销售日期,单价,数量", "7,00017,2024年3月5日,2.50,5"),
        ("Order ID,Order Date,Customer ID,Product ID,Sales,Quantity", "7,2024-03-05,00017,A,12.50,5"),
        ("客户编号；,ORDER DATE, 金额", "00017,2024-03-05,12.50"),
    ],
)
def test_the_columns_of_known_exports_are_found_by_name(read, header, row):
    got = read(f"{header}\n{row}\n")
    assert got.column("customer_id") == ["00017"]
    assert got.column("revenue") == [12.5]
    assert got.column("happened_at") == [datetime(2024, 3, 5)]


def test_online_retail_reconciles_to_the_cent(read, shared_data):
    result = read(shared_data("online_retail/online_retail.parquet")).result
    assert result.rows_file == 541_909
    assert result.rows_used == 406_829
    assert round(result.value_file, 2) == 9_747_747.93
    assert [(s.reason, s.rows) for s in result.set_aside] == [("no_customer", 135_080)]
    assert any("5268 rows repeat" in t.en for t in result.told)


def test_online_retail_marks_returns_and_lines_that_are_no_product(read, shared_data):
    got = read(shared_data("online_retail/online_retail.parquet"))
    assert len(set(got.column("customer_id"))) == 4_372
    assert "17850" in got.column("customer_id")
    returned = [line for line in got.lines if line["quantity"] < 0]
    assert returned
    assert all(line["revenue"] <= 0 and not line["purchase"] for line in returned)
    no_items = {line["product_id"] for line in got.lines if not line["item"]}
    assert no_items == {
        "POST",
        "D",
        "M",
        "C2",
        "DOT",
        "BANK CHARGES",
        "CRUK",
        "PADS",
        "23444",
    }  # 23444: Next Day Carriage


def test_the_raw_cdnow_sample_goes_through_by_positions(read, shared_data):
    got = read(
        shared_data("cdnow/CDNOW_sample.txt"),
        header=False,
        mapping={"customer": 1, "date": 3, "quantity": 4, "amount": 5},
    )
    assert got.result.rows_used == 6_919
    assert len(set(got.column("customer_id"))) == 2_357
    assert got.lines[0]["customer_id"] == "00004"
    assert got.lines[0]["happened_at"] == datetime(1997, 1, 1)
    assert sum(line["revenue"] == 0 and line["purchase"] for line in got.lines) == 8
    assert "runs of blanks" in got.told()


def test_a_blank_separated_file_without_header_is_refused_with_the_words_to_type(read, shared_data):
    with pytest.raises(Exception, match="--no-header") as caught:
        read(shared_data("cdnow/CDNOW_sample.txt"))
    assert caught.value.exit_code == 3
