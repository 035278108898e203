-- The figures that every activity may count, wherever it is. A congress adds those of its own campaigns.
INSERT INTO key_figure (id, created_at, updated_at, code, key, name, unit, type, from_on) VALUES
    ('01930000-0000-7000-8000-000000000001', now(), now(), 0, 'RECEIVED', '接待群众', '人次', 'COUNT', '1949-10-01'),
    ('01930000-0000-7000-8000-000000000002', now(), now(), 0, 'VISITED', '走访群众', '人次', 'COUNT', '1949-10-01'),
    ('01930000-0000-7000-8000-000000000003', now(), now(), 0, 'LECTURES', '政策法规宣讲', '场次', 'COUNT', '1949-10-01'),
    ('01930000-0000-7000-8000-000000000004', now(), now(), 0, 'SOLVED', '帮助解决困难和问题', '个', 'COUNT', '1949-10-01');
