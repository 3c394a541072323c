"""Customer files and flat tables."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from patron.errors import InputError
from patron.history.files import ReadOptions, read_customers, read_table

TODAY = date(2025, 6, 1)


def write(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    return path


def test_all_columns_of_a_customer_file_pass_through_as_text(tmp_path):
    table, told = read_customers(
        write(tmp_path, "city,Customer ID,score,\nBonn,007,1.50,x\nKöln,8,,y\n"), ReadOptions()
    )
    assert table.column_names == ["customer_id", "city", "score", "column_3"]
    assert table.to_pylist()[0] == {"customer_id": "007", "city": "Bonn", "score": "1.50", "column_3": "x"}
    assert table["score"].to_pylist() == ["1.50", None]
    assert not [t for t in told if "replaced" in t.en]


def test_the_last_row_of_a_customer_wins_and_it_is_told(tmp_path):
    table, told = read_customers(write(tmp_path, "customer,city\nA,Bonn\n,Ulm\nB,Rom\nA,Köln\n"), ReadOptions())
    assert table.to_pylist() == [{"customer_id": "B", "city": "Rom"}, {"customer_id": "A", "city": "Köln"}]
    assert any("1 customer rows are replaced" in t.en for t in told)
    assert any("1 行没有客户编号" in t.zh for t in told)


def test_a_customer_file_without_a_customer_asks_for_one(tmp_path):
    with pytest.raises(InputError, match="--map customer"):
        read_customers(write(tmp_path, "a,b\nx,y\n"), ReadOptions())
    table, _ = read_customers(write(tmp_path, "a,b,customer_id_\nx,y,1\n"), ReadOptions(mapping={"customer": "b"}))
    assert table["customer_id"].to_pylist() == ["y"]


def test_a_table_gets_the_types_that_every_cell_fits(tmp_path):
    header = "n;day;code;mixed;flag;n\n"
    rows = "1,5;02.03.2024;007;1;yes;1\n2,25;25.03.2024;008;x;no;2\n;;;;;\n1.000,0;01.01.2024;009;3;no;3\n"
    table, told = read_table(write(tmp_path, header + rows), ReadOptions(), today=TODAY)
    assert table.column_names == ["n", "day", "code", "mixed", "flag", "n_2"]
    assert table["n"].to_pylist() == [1.5, 2.25, None, 1000.0]
    assert table["day"].to_pylist()[1] == datetime(2024, 3, 25)
    assert table["code"].to_pylist()[0] == "007"
    assert table["mixed"].to_pylist()[1] == "x"
    assert any("decimal commas" in t.en for t in told)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("telco_churn/telco_churn.csv", 7_043),
        ("bank_marketing/bank-additional-full.csv", 41_188),
        ("hillstrom/hillstrom.csv", 64_000),
        ("customer_personality/marketing_campaign.csv", 2_240),
        ("reviews_zh/ChnSentiCorp_htl_all.csv", 7_766),
    ],
)
def test_real_flat_tables_are_read_whole(shared_data, name, rows):
    table, _ = read_table(shared_data(name), ReadOptions(), today=TODAY)
    assert table.num_rows == rows
