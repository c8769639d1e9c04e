/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of api/items.c: what was put into a list of names and ids comes out of it.
 */
#include "items.h"

#include "property.h"

static void test_empty(void)
{
    g_autoptr(ClItems) items = cl_items_new();

    g_assert_cmpuint(cl_items_count(items), ==, 0);
}

static void test_add(void)
{
    g_autoptr(ClItems) items = cl_items_new();

    cl_items_add(items, 4, "web", "id-1");
    cl_items_add(items, 8, "", NULL);
    g_assert_cmpuint(cl_items_count(items), ==, 2);
    g_assert_cmpuint(cl_items_type(items, 0), ==, 4);
    g_assert_cmpstr(cl_items_name(items, 0), ==, "web");
    g_assert_cmpstr(cl_items_id(items, 0), ==, "id-1");
    g_assert_null(cl_items_details(items, 0));
    g_assert_cmpuint(cl_items_type(items, 1), ==, 8);
    g_assert_cmpstr(cl_items_name(items, 1), ==, "");
    g_assert_cmpstr(cl_items_id(items, 1), ==, "");
}

static void test_many(void)
{
    g_autoptr(ClItems) items = cl_items_new();

    for (guint i = 0; i < 100000; i++) {
        g_autofree char *name = g_strdup_printf("group %u", i);
        g_autofree char *id = g_strdup_printf("id %u", i);

        cl_items_add(items, i, name, id);
    }
    g_assert_cmpuint(cl_items_count(items), ==, 100000);
    for (guint i = 0; i < 100000; i += 9999) {
        g_autofree char *name = g_strdup_printf("group %u", i);
        g_autofree char *id = g_strdup_printf("id %u", i);

        g_assert_cmpuint(cl_items_type(items, i), ==, i);
        g_assert_cmpstr(cl_items_name(items, i), ==, name);
        g_assert_cmpstr(cl_items_id(items, i), ==, id);
    }
}

static void test_details(void)
{
    g_autoptr(ClItems) items = cl_items_new();
    ClItemDetails details = {.state = 3, .flags = 1, .owner_node = g_strdup("node1")};

    details.common = cl_properties_new();
    g_ptr_array_add(details.common, cl_property_new_text("Description", CLUSPROP_FORMAT_SZ, "web"));
    cl_items_add(items, 4, "without", NULL);
    cl_items_add(items, 4, "with", NULL);
    cl_items_add_details(items, &details);
    cl_items_add(items, 4, "without again", NULL);
    g_assert_null(details.owner_node); /* taken */
    g_assert_null(cl_items_details(items, 0));
    g_assert_cmpint(cl_items_details(items, 1)->state, ==, 3);
    g_assert_cmpstr(cl_items_details(items, 1)->owner_node, ==, "node1");
    g_assert_cmpuint(cl_items_details(items, 1)->common->len, ==, 1);
    g_assert_null(cl_items_details(items, 2));
}

static void test_details_replaced(void)
{
    g_autoptr(ClItems) items = cl_items_new();
    ClItemDetails first = {.owner_group = g_strdup("a"), .owner_group_id = g_strdup("1")};
    ClItemDetails second = {.owner_group = g_strdup("b"), .owner_group_id = g_strdup("2")};

    cl_items_add(items, 1, "disk", NULL);
    cl_items_add_details(items, &first);
    cl_items_add_details(items, &second);
    g_assert_cmpstr(cl_items_details(items, 0)->owner_group, ==, "b");
    g_assert_cmpstr(cl_items_details(items, 0)->owner_group_id, ==, "2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/items/a new list is empty", test_empty);
    g_test_add_func("/items/names, ids and types come back", test_add);
    g_test_add_func("/items/a list of 100,000 keeps every item", test_many);
    g_test_add_func("/items/only items that were given details have them", test_details);
    g_test_add_func("/items/details given again replace the first", test_details_replaced);
    return g_test_run();
}
