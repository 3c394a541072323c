"""Addresses of today, customers and a customer."""

from __future__ import annotations

from django.urls import path

from patron.faces.web.customers import facts, listing, merging, pages, people, rates, today

urlpatterns = [
    path("", today.today, name="today"),
    path("customers/", listing.customers, name="customers"),
    path("customers/export.csv", listing.export, name="customers_export"),
    path("customers/count/", listing.count, name="customers_count"),
    path("customers/bulk/", listing.bulk, name="customers_bulk"),
    path("customers/new/", people.add, name="customer_new"),
    path("customers/duplicates/", merging.duplicates, name="duplicates"),
    path("customers/<int:pk>/", pages.customer, name="customer"),
    path("customers/<int:pk>/purchases/", pages.bought, name="customer_purchases"),
    path("customers/<int:pk>/timeline/", pages.timeline, name="customer_timeline"),
    path("customers/<int:pk>/field/<slug:name>/", people.field, name="customer_field"),
    path("customers/<int:pk>/note/", facts.note, name="customer_note"),
    path("customers/<int:pk>/contact/", facts.contact, name="customer_contact"),
    path("customers/<int:pk>/tags/", facts.tags, name="customer_tags"),
    path("customers/<int:pk>/consent/", facts.consent, name="customer_consent"),
    path("customers/<int:pk>/owner/", people.owner, name="customer_owner"),
    path("customers/<int:pk>/stage/", people.stage, name="customer_stage"),
    path("customers/<int:pk>/merge/", merging.merge, name="customer_merge"),
    path("customers/<int:pk>/data.json", people.data, name="customer_data"),
    path("customers/<int:pk>/erase/", people.erase, name="customer_erase"),
    path("customers/<int:pk>/lift-erasure/", people.lift, name="customer_lift_erasure"),
    path("settings/rates/", rates.rates, name="rates"),
    path("merges/<int:pk>/undo/", merging.undo, name="merge_undo"),
]
