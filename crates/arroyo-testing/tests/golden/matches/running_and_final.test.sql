--- use tables.sql
INSERT INTO out
SELECT id, r, f, rs, fs, first_up, last_up, row_time() AS t FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES RUNNING LAST(id) AS r, FINAL LAST(id) AS f, RUNNING SUM(volume) AS rs, FINAL SUM(up.volume) AS fs,
        FINAL FIRST(up.id) AS first_up, LAST(up.id) AS last_up
    ALL ROWS PER MATCH
    AFTER MATCH SKIP TO LAST down
    PATTERN (start down{2,} up+)
    DEFINE down AS down.price < PREV(down.price), up AS up.price > PREV(up.price)
);

--- expect out
{"id":1,"r":1,"f":13,"rs":4,"fs":25,"first_up":8,"last_up":null,"t":"2024-05-01T10:00:14.289"}
{"id":10,"r":10,"f":13,"rs":20,"fs":25,"first_up":8,"last_up":10,"t":"2024-05-01T10:00:14.289"}
{"id":12,"r":12,"f":13,"rs":29,"fs":25,"first_up":8,"last_up":12,"t":"2024-05-01T10:00:14.289"}
{"id":13,"r":13,"f":13,"rs":38,"fs":25,"first_up":8,"last_up":13,"t":"2024-05-01T10:00:14.289"}
{"id":3,"r":3,"f":13,"rs":5,"fs":25,"first_up":8,"last_up":null,"t":"2024-05-01T10:00:14.289"}
{"id":6,"r":6,"f":13,"rs":13,"fs":25,"first_up":8,"last_up":null,"t":"2024-05-01T10:00:14.289"}
{"id":8,"r":8,"f":13,"rs":18,"fs":25,"first_up":8,"last_up":8,"t":"2024-05-01T10:00:14.289"}
{"id":14,"r":14,"f":14,"rs":30,"fs":13,"first_up":9,"last_up":14,"t":"2024-05-01T10:00:17.650"}
{"id":4,"r":4,"f":14,"rs":2,"fs":13,"first_up":9,"last_up":null,"t":"2024-05-01T10:00:17.650"}
{"id":5,"r":5,"f":14,"rs":11,"fs":13,"first_up":9,"last_up":null,"t":"2024-05-01T10:00:17.650"}
{"id":7,"r":7,"f":14,"rs":17,"fs":13,"first_up":9,"last_up":null,"t":"2024-05-01T10:00:17.650"}
{"id":9,"r":9,"f":14,"rs":20,"fs":13,"first_up":9,"last_up":9,"t":"2024-05-01T10:00:17.650"}
{"id":13,"r":13,"f":19,"rs":9,"fs":7,"first_up":19,"last_up":null,"t":"2024-05-01T10:00:24.542"}
{"id":15,"r":15,"f":19,"rs":18,"fs":7,"first_up":19,"last_up":null,"t":"2024-05-01T10:00:24.542"}
{"id":16,"r":16,"f":19,"rs":15,"fs":7,"first_up":19,"last_up":null,"t":"2024-05-01T10:00:24.542"}
{"id":18,"r":18,"f":19,"rs":28,"fs":7,"first_up":19,"last_up":null,"t":"2024-05-01T10:00:24.542"}
{"id":19,"r":19,"f":19,"rs":35,"fs":7,"first_up":19,"last_up":19,"t":"2024-05-01T10:00:24.542"}
{"id":26,"r":26,"f":31,"rs":8,"fs":9,"first_up":31,"last_up":null,"t":"2024-05-01T10:00:37.787"}
{"id":28,"r":28,"f":31,"rs":13,"fs":9,"first_up":31,"last_up":null,"t":"2024-05-01T10:00:37.787"}
{"id":30,"r":30,"f":31,"rs":15,"fs":9,"first_up":31,"last_up":null,"t":"2024-05-01T10:00:37.787"}
{"id":31,"r":31,"f":31,"rs":24,"fs":9,"first_up":31,"last_up":31,"t":"2024-05-01T10:00:37.787"}
{"id":14,"r":14,"f":36,"rs":10,"fs":16,"first_up":29,"last_up":null,"t":"2024-05-01T10:00:42.129"}
{"id":17,"r":17,"f":36,"rs":17,"fs":16,"first_up":29,"last_up":null,"t":"2024-05-01T10:00:42.129"}
{"id":20,"r":20,"f":36,"rs":21,"fs":16,"first_up":29,"last_up":null,"t":"2024-05-01T10:00:42.129"}
{"id":23,"r":23,"f":36,"rs":22,"fs":16,"first_up":29,"last_up":null,"t":"2024-05-01T10:00:42.129"}
{"id":25,"r":25,"f":36,"rs":30,"fs":16,"first_up":29,"last_up":null,"t":"2024-05-01T10:00:42.129"}
{"id":29,"r":29,"f":36,"rs":35,"fs":16,"first_up":29,"last_up":29,"t":"2024-05-01T10:00:42.129"}
{"id":32,"r":32,"f":36,"rs":37,"fs":16,"first_up":29,"last_up":32,"t":"2024-05-01T10:00:42.129"}
{"id":36,"r":36,"f":36,"rs":46,"fs":16,"first_up":29,"last_up":36,"t":"2024-05-01T10:00:42.129"}
{"id":31,"r":31,"f":41,"rs":9,"fs":11,"first_up":40,"last_up":null,"t":"2024-05-01T10:00:50.088"}
{"id":33,"r":33,"f":41,"rs":15,"fs":11,"first_up":40,"last_up":null,"t":"2024-05-01T10:00:50.088"}
{"id":34,"r":34,"f":41,"rs":18,"fs":11,"first_up":40,"last_up":null,"t":"2024-05-01T10:00:50.088"}
{"id":37,"r":37,"f":41,"rs":28,"fs":11,"first_up":40,"last_up":null,"t":"2024-05-01T10:00:50.088"}
{"id":40,"r":40,"f":41,"rs":35,"fs":11,"first_up":40,"last_up":40,"t":"2024-05-01T10:00:50.088"}
{"id":41,"r":41,"f":41,"rs":39,"fs":11,"first_up":40,"last_up":41,"t":"2024-05-01T10:00:50.088"}
{"id":11,"r":11,"f":43,"rs":9,"fs":12,"first_up":27,"last_up":null,"t":"2024-05-01T10:00:50.427"}
{"id":2,"r":2,"f":43,"rs":6,"fs":12,"first_up":27,"last_up":null,"t":"2024-05-01T10:00:50.427"}
{"id":21,"r":21,"f":43,"rs":19,"fs":12,"first_up":27,"last_up":null,"t":"2024-05-01T10:00:50.427"}
{"id":27,"r":27,"f":43,"rs":26,"fs":12,"first_up":27,"last_up":27,"t":"2024-05-01T10:00:50.427"}
{"id":35,"r":35,"f":43,"rs":30,"fs":12,"first_up":27,"last_up":35,"t":"2024-05-01T10:00:50.427"}
{"id":43,"r":43,"f":43,"rs":31,"fs":12,"first_up":27,"last_up":43,"t":"2024-05-01T10:00:50.427"}
